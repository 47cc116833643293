import { area } from "../text";
import en from "./en/approval.json";
import zh from "./zh/approval.json";

export default area("approval", zh, en);
