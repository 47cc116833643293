import { area } from "../text";
import en from "./en/consent.json";
import zh from "./zh/consent.json";

export default area("consent", zh, en);
