import { area } from "../text";
import en from "./en/ops.json";
import zh from "./zh/ops.json";

export default area("ops", zh, en);
