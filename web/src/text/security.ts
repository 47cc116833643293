import { area } from "../text";
import en from "./en/security.json";
import zh from "./zh/security.json";

export default area("security", zh, en);
