// Whether the screen is a phone's: the same bound as in app.css.
import { useSyncExternalStore } from "react";

const phone = matchMedia("(max-width: 47.99rem)");

const subscribe = (told: () => void): (() => void) => {
  phone.addEventListener("change", told);
  return () => phone.removeEventListener("change", told);
};

export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => phone.matches);
