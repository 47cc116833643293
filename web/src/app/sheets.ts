// Where the styles go that antd makes while it runs: into constructed style sheets, which a Content-Security-Policy without
// 'unsafe-inline' allows, instead of <style> elements, which it refuses.  The build puts this module in the place of
// @rc-component/util/es/Dom/dynamicCSS (vite.config.mjs); same functions, same order: the higher the priority, the later the sheet.
interface Options {
  priority?: number;
  mark?: string;
}

interface Entry {
  name: string;
  priority: number;
  sheet: CSSStyleSheet;
  /** What callers may put marks on; it is in no document. */
  node: HTMLStyleElement;
}

let entries: Entry[] = [];
let anonymous = 0;

const nameOf = (key: string, { mark = "rc-util-key" }: Options): string => `${mark}:${key}`;

function show(): void {
  document.adoptedStyleSheets = entries.map((e) => e.sheet);
}

function put(name: string, css: string, { priority = 0 }: Options): HTMLStyleElement {
  const there = entries.find((e) => e.name === name);
  const entry = there ?? { name, priority, sheet: new CSSStyleSheet(), node: document.createElement("style") };
  entry.sheet.replaceSync(css);
  if (!there) {
    const before = entries.findIndex((e) => e.priority > priority);
    entries.splice(before < 0 ? entries.length : before, 0, entry);
    show();
  }
  return entry.node;
}

export const injectCSS = (css: string, options: Options = {}): HTMLStyleElement => put(`anonymous:${anonymous++}`, css, options);

export const updateCSS = (css: string, key: string, options: Options = {}): HTMLStyleElement => put(nameOf(key, options), css, options);

export function removeCSS(key: string, options: Options = {}): void {
  const name = nameOf(key, options);
  if (!entries.some((e) => e.name === name)) return;
  entries = entries.filter((e) => e.name !== name);
  show();
}

export function clearContainerCache(): void {
  // nothing is kept of containers
}
