import { area } from "../text";
import en from "./en/account.json";
import zh from "./zh/account.json";

export default area("account", zh, en);
