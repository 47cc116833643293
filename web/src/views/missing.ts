import { h, link } from "../dom";
import { t } from "../text";
import type { View } from "../view";

export const missingView = (): View => ({
  title: () => t("missing.title"),
  load: async () => {},
  draw: () => h("div.wrap", h("h1", t("missing.title")), h("p", t("missing.text")), h("p", link("/", t("missing.home")))),
});
