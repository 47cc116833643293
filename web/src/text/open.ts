import { area } from "../text";
import en from "./en/open.json";
import zh from "./zh/open.json";

export default area("open", zh, en);
