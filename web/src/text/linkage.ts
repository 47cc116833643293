import { area } from "../text";
import en from "./en/linkage.json";
import zh from "./zh/linkage.json";

export default area("linkage", zh, en);
