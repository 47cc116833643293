import { area } from "../text";
import en from "./en/tour.json";
import zh from "./zh/tour.json";

export default area("tour", zh, en);
