import { area } from "../text";
import en from "./en/share.json";
import zh from "./zh/share.json";

export default area("share", zh, en);
