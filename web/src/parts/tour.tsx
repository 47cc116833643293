// A tour of the console: a card that says what a place is for while the place is marked.  It blocks nothing: the page goes on working.
import { useEffect, useRef, useState } from "react";
import tour from "../text/tour";
import { useText } from "../text";
import { anchors, endTour, stepsOf, type StepName, type TourName } from "./tours";

const visible = (e: Element): boolean => (e as HTMLElement).offsetParent !== null || getComputedStyle(e).position === "fixed";

function placeOf(step: StepName): HTMLElement | null {
  const find = (name: string): HTMLElement | undefined => [...document.querySelectorAll<HTMLElement>(`[data-tour="${name}"]`)].find(visible);
  const name = anchors[step];
  return name === undefined ? null : (find(name) ?? find("more") ?? null);
}

/** Marks the place while the step is shown. */
function useMarked(step: StepName): void {
  useEffect(() => {
    const place = placeOf(step);
    place?.classList.add("tour-here");
    place?.scrollIntoView({ block: "nearest" });
    return () => place?.classList.remove("tour-here");
  }, [step]);
}

export default function Tour({ name }: { name: TourName }) {
  const { t, num } = useText(tour);
  const steps = stepsOf(name);
  const [at, setAt] = useState(0);
  const card = useRef<HTMLElement>(null);
  const before = useRef(document.activeElement);
  const step = steps[at]!;
  useMarked(step);

  useEffect(() => card.current?.focus(), [at]);

  function end(): void {
    endTour();
    const back = before.current instanceof HTMLElement && before.current.isConnected && before.current !== document.body ? before.current : document.getElementById("main");
    back?.focus({ preventScroll: true });
  }

  return (
    <aside className="tour" role="dialog" aria-labelledby="tour-title" aria-describedby="tour-what" tabIndex={-1} ref={card} onKeyDown={(e) => e.key === "Escape" && end()}>
      <p className="quiet">{t("tour.step", { n: num(at + 1), of: num(steps.length) })}</p>
      <h2 id="tour-title">{t(`tour.${step}`)}</h2>
      <p id="tour-what">{t(`tour.${step}_what`)}</p>
      <p className="buttons">
        {at < steps.length - 1 ? <button type="button" className="primary small" onClick={() => setAt(at + 1)}>{t("tour.next")}</button> : <button type="button" className="primary small" onClick={end}>{t("tour.done")}</button>}
        {at > 0 && <button type="button" className="plain small" onClick={() => setAt(at - 1)}>{t("tour.previous")}</button>}
        {at < steps.length - 1 && <button type="button" className="linkish small" onClick={end}>{t("tour.skip")}</button>}
      </p>
    </aside>
  );
}
