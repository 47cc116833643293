import { area } from "../text";
import en from "./en/financing.json";
import zh from "./zh/financing.json";

export default area("financing", zh, en);
