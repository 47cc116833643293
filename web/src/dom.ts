// Makes elements without a framework: h("a.button", { href }, "text").  Text is always text, never markup.

export type Child = Node | string | number | null | undefined | false | Child[];
type Props = Record<string, unknown>;

export function h<K extends keyof HTMLElementTagNameMap>(spec: K, ...rest: [Props?, ...Child[]] | Child[]): HTMLElementTagNameMap[K];
export function h(spec: string, ...rest: [Props?, ...Child[]] | Child[]): HTMLElement;
export function h(spec: string, ...rest: unknown[]): HTMLElement {
  const [tag, ...classes] = spec.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  const [first] = rest;
  const hasProps = first !== null && typeof first === "object" && !(first instanceof Node) && !Array.isArray(first);
  if (hasProps) setProps(node, first as Props);
  append(node, (hasProps ? rest.slice(1) : rest) as Child[]);
  return node;
}

function setProps(node: HTMLElement, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") node.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, String(value));
  }
}

export function append(node: Node, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child instanceof Node) node.appendChild(child);
    else if (child !== null && child !== undefined && child !== false) node.appendChild(document.createTextNode(String(child)));
  }
}

export function fill(node: Element, ...children: Child[]): void {
  node.replaceChildren();
  append(node, children);
}

/** A link inside the console; the router takes the click. */
export const link = (href: string, ...children: Child[]): HTMLElement => h("a", { href }, ...children);

const SVG = "http://www.w3.org/2000/svg";
const paths: Record<string, string> = {
  search: "M10.5 4a6.5 6.5 0 1 0 4 11.6l4.4 4.4 1.1-1.1-4.4-4.4A6.5 6.5 0 0 0 10.5 4Zm0 1.6a4.9 4.9 0 1 1 0 9.8 4.9 4.9 0 0 1 0-9.8Z",
  upload: "M12 3 6.5 8.5l1.2 1.2L11.2 6v10h1.6V6l3.5 3.7 1.2-1.2L12 3ZM4 15v5h16v-5h-1.7v3.3H5.7V15H4Z",
  download: "m12 16 5.5-5.5-1.2-1.2L12.8 13V3h-1.6v10L7.7 9.3l-1.2 1.2L12 16ZM4 15v5h16v-5h-1.7v3.3H5.7V15H4Z",
  back: "M10.5 5 3.7 12l6.8 7 1.2-1.2-4.8-5H20v-1.6H6.9l4.8-5L10.5 5Z",
  check: "m9.5 16.2-4-4-1.2 1.2 5.2 5.2L20.2 7.9 19 6.7l-9.5 9.5Z",
  warn: "M12 3 2 20h20L12 3Zm0 3.3L19.2 18.4H4.8L12 6.3Zm-.8 4.2v4h1.6v-4h-1.6Zm0 5.2v1.6h1.6v-1.6h-1.6Z",
};

export function icon(name: keyof typeof paths): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", paths[name] ?? "");
  svg.appendChild(path);
  return svg;
}

/** A share from 0 to 1 as a bar.  Drawn with SVG attributes: the page allows no inline styles. */
export function bar(share: number, tone: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 8");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", `bar ${tone}`);
  svg.setAttribute("aria-hidden", "true");
  for (const [kind, width] of [["track", 100], ["value", Math.max(0, Math.min(1, share)) * 100]] as const) {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", kind);
    rect.setAttribute("width", String(width));
    rect.setAttribute("height", "8");
    svg.appendChild(rect);
  }
  return svg;
}
