import { area } from "../text";
import en from "./en/catalogue.json";
import zh from "./zh/catalogue.json";

export default area("catalogue", zh, en);
