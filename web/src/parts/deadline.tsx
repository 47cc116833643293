// How long there is left, in days; colour never says it alone.
import approval from "../text/approval";
import { useText } from "../text";
import { Badge } from "./badges";

const DAY = 86_400_000;
const SOON = 2;

export function Deadline({ due }: { due: string }) {
  const { t, num } = useText(approval);
  const left = Math.floor((Date.parse(due) - Date.now()) / DAY);
  if (left < 0) return <Badge tone="poor">{t("waiting.over", { n: num(-left) })}</Badge>;
  return <Badge tone={left <= SOON ? "fair" : "good"}>{left ? t("waiting.left", { n: num(left) }) : t("waiting.today")}</Badge>;
}
