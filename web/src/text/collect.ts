import { area } from "../text";
import en from "./en/collect.json";
import zh from "./zh/collect.json";

export default area("collect", zh, en);
