import { area } from "../text";
import en from "./en/ruralreport.json";
import zh from "./zh/ruralreport.json";

export default area("ruralreport", zh, en);
