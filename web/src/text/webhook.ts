import { area } from "../text";
import en from "./en/webhook.json";
import zh from "./zh/webhook.json";

export default area("webhook", zh, en);
