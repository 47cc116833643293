import { area } from "../text";
import en from "./en/intake.json";
import zh from "./zh/intake.json";

export default area("intake", zh, en);
