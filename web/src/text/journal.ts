import { area } from "../text";
import en from "./en/journal.json";
import zh from "./zh/journal.json";

export default area("journal", zh, en);
