import { area } from "../text";
import en from "./en/score.json";
import zh from "./zh/score.json";

export default area("score", zh, en);
