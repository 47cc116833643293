import { area } from "../text";
import en from "./en/me.json";
import zh from "./zh/me.json";

export default area("me", zh, en);
