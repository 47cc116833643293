import { area } from "../text";
import en from "./en/policies.json";
import zh from "./zh/policies.json";

export default area("policies", zh, en);
