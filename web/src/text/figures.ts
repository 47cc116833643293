import { area } from "../text";
import en from "./en/figures.json";
import zh from "./zh/figures.json";

export default area("figures", zh, en);
