import { area } from "../text";
import en from "./en/packs.json";
import zh from "./zh/packs.json";

export default area("packs", zh, en);
