import { area } from "../text";
import en from "./en/ledger.json";
import zh from "./zh/ledger.json";

export default area("ledger", zh, en);
