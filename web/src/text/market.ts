import { area } from "../text";
import en from "./en/market.json";
import zh from "./zh/market.json";

export default area("market", zh, en);
