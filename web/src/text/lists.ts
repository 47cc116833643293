import { area } from "../text";
import en from "./en/lists.json";
import zh from "./zh/lists.json";

export default area("lists", zh, en);
