import { area } from "../text";
import en from "./en/subject.json";
import zh from "./zh/subject.json";

export default area("subject", zh, en);
