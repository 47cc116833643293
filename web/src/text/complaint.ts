import { area } from "../text";
import en from "./en/complaint.json";
import zh from "./zh/complaint.json";

export default area("complaint", zh, en);
