// Sums of money as one says them: 万 and 亿 in Chinese, millions in English.
import finwall from "../text/finwall";
import { useText } from "../text";

export const FEN_PER_WAN = 1_000_000;
const FEN_PER_YUAN = 100;
const HUNDREDTHS = 100;

const LARGE = { zh: { unit: 1e4, next: 1e8 }, en: { unit: 1e6, next: 1e9 } };

export function useYuan(): (fen: number) => string {
  const { t, num, lang } = useText(finwall);
  return (fen) => {
    const yuan = fen / FEN_PER_YUAN, { unit, next } = LARGE[lang];
    const rounded = (n: number): string => num(Math.round(n * HUNDREDTHS) / HUNDREDTHS);
    return yuan >= next ? t("fw.larger", { n: rounded(yuan / next) }) : t("fw.large", { n: rounded(yuan / unit) });
  };
}
