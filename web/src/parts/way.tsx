// How far something has come: the stations of its way, those behind, the one it is at, and where it stopped.
export type At = "done" | "now" | "stopped" | "";

export interface Station {
  id: string;
  text: string;
  at: At;
}

export const Way = ({ label, stations }: { label: string; stations: Station[] }) => (
  <ol className="way" aria-label={label}>
    {stations.map((s) => <li key={s.id} className={s.at || undefined} aria-current={s.at === "now" || s.at === "stopped" ? "step" : undefined}>{s.text}</li>)}
  </ol>
);
