// A level of warning: its colour, and its word.
import type { WatchEvent } from "#api";
import watch from "../text/watch";
import { useText } from "../text";
import { Badge } from "./badges";

export type Level = WatchEvent["level"];
export const LEVELS: Level[] = ["red", "orange", "yellow", "blue"];

export function LevelBadge({ level }: { level: Level | null }) {
  const { t, tCode } = useText(watch);
  return level ? <Badge tone={`level ${level}`}>{tCode("level", level)}</Badge> : <Badge tone="quietly">{t("watch.level_none")}</Badge>;
}
