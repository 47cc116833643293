import { area } from "../text";
import en from "./en/portal.json";
import zh from "./zh/portal.json";

export default area("portal", zh, en);
