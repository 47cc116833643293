// What wall screens have in common: the clock, dark colours whatever the desk has, and lists with a bar each.
import { useEffect, useLayoutEffect, useState } from "react";
import { isDark } from "../app/theme";
import { useText } from "../text";
import { Bar } from "./badges";

export function Clock() {
  const { lang } = useText();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000);
    return () => clearInterval(timer);
  }, []);
  const written = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "full", timeStyle: "medium" }).format(now);
  return <time dateTime={now.toISOString().slice(0, 16)}>{written}</time>;
}

/** A wall is dark, whatever the desk is. */
export function useDarkWall(): void {
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = "dark";
    return () => void (document.documentElement.dataset.theme = isDark() ? "dark" : "light");
  }, []);
}

export interface Line {
  name: string;
  title: string;
  value: string;
  share: number;
}

/** whole: the box is as high as its lines, which are few. */
export const Foremost = ({ title, none, rows, whole = false }: { title: string; none: string; rows: Line[]; whole?: boolean }) => (
  <section className={whole ? "wall-box whole" : "wall-box"}>
    <h2>{title}</h2>
    {rows.length ? (
      <ol className="foremost">{rows.map((r) => <li key={r.name}><span className="named">{r.title}</span><span className="value">{r.value}</span><Bar share={r.share} tone="" /></li>)}</ol>
    ) : <p className="quiet">{none}</p>}
  </section>
);
