import { area } from "../text";
import en from "./en/watch.json";
import zh from "./zh/watch.json";

export default area("watch", zh, en);
