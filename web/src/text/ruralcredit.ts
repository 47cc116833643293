import { area } from "../text";
import en from "./en/ruralcredit.json";
import zh from "./zh/ruralcredit.json";

export default area("ruralcredit", zh, en);
