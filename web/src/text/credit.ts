import { area } from "../text";
import en from "./en/credit.json";
import zh from "./zh/credit.json";

export default area("credit", zh, en);
