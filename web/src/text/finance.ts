import { area } from "../text";
import en from "./en/finance.json";
import zh from "./zh/finance.json";

export default area("finance", zh, en);
