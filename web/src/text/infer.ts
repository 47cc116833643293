import { area } from "../text";
import en from "./en/infer.json";
import zh from "./zh/infer.json";

export default area("infer", zh, en);
