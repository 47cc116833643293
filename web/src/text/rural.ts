import { area } from "../text";
import en from "./en/rural.json";
import zh from "./zh/rural.json";

export default area("rural", zh, en);
