import { area } from "../text";
import en from "./en/upward.json";
import zh from "./zh/upward.json";

export default area("upward", zh, en);
