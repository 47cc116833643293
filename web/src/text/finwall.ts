import { area } from "../text";
import en from "./en/finwall.json";
import zh from "./zh/finwall.json";

export default area("finwall", zh, en);
