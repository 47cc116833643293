// Turns pages of a list.
import { useText } from "../text";

interface Props {
  total: number;
  offset: number;
  limit: number;
  onTurn(offset: number): void;
}

export function Pager({ total, offset, limit, onTurn }: Props) {
  const { t, num } = useText();
  if (total <= limit && offset === 0) return null;
  return (
    <nav className="pager" aria-label={t("pager.label")}>
      <button type="button" className="plain" disabled={offset === 0} onClick={() => onTurn(Math.max(0, offset - limit))}>{t("pager.previous")}</button>
      <span>{t("pager.range", { from: num(offset + 1), to: num(Math.min(offset + limit, total)), total: num(total) })}</span>
      <button type="button" className="plain" disabled={offset + limit >= total} onClick={() => onTurn(offset + limit)}>{t("pager.next")}</button>
    </nav>
  );
}

/** Of a list that is read from its newest end on. */
export function CursorPager({ newest, next, onNewest, onOlder }: { newest: boolean; next: number | null; onNewest(): void; onOlder(before: number): void }) {
  const { t } = useText();
  if (newest && next === null) return null;
  return (
    <nav className="pager" aria-label={t("pager.label")}>
      <button type="button" className="plain" disabled={newest} onClick={onNewest}>{t("pager.newest")}</button>
      <button type="button" className="plain" disabled={next === null} onClick={() => next !== null && onOlder(next)}>{t("pager.older")}</button>
    </nav>
  );
}
