// What a browser calls itself (User-Agent), as somebody would name the device: "Chrome · Android".  The order matters: each calls itself
// by the names of those before it, too.
const BROWSERS: Array<[RegExp, string]> = [
  [/MicroMessenger\//, "WeChat"], [/EdgA?\//, "Edge"], [/OPR\//, "Opera"], [/HuaweiBrowser\//, "Huawei Browser"], [/UCBrowser\//, "UC"], [/QQBrowser\//, "QQ Browser"],
  [/Firefox\//, "Firefox"], [/(?:Chrome|CriOS|Chromium)\//, "Chrome"], [/Version\/.*Safari\//, "Safari"],
];
const SYSTEMS: Array<[RegExp, string]> = [
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"], [/Android/, "Android"], [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Windows/, "Windows"], [/Mac OS X/, "macOS"], [/Linux|X11/, "Linux"],
];

/** null: it calls itself by none of these. */
export function deviceOf(agent: string): string | null {
  const first = (list: Array<[RegExp, string]>): string | undefined => list.find(([named]) => named.test(agent))?.[1];
  return [first(BROWSERS), first(SYSTEMS)].filter(Boolean).join(" · ") || null;
}
