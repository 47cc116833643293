import { area } from "../text";
import en from "./en/models.json";
import zh from "./zh/models.json";

export default area("models", zh, en);
