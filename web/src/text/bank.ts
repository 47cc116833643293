import { area } from "../text";
import en from "./en/bank.json";
import zh from "./zh/bank.json";

export default area("bank", zh, en);
