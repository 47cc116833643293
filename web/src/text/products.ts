import { area } from "../text";
import en from "./en/products.json";
import zh from "./zh/products.json";

export default area("products", zh, en);
