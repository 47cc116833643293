import { area } from "../text";
import en from "./en/commercial.json";
import zh from "./zh/commercial.json";

export default area("commercial", zh, en);
