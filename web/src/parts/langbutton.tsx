// Which language the console speaks: the other one is offered by its own name.
import { lang, setLang, useText } from "../text";

export function LangButton() {
  useText();
  const other = lang() === "zh" ? "en" : "zh";
  return <button type="button" className="lang" lang={other === "zh" ? "zh-CN" : "en"} onClick={() => setLang(other)}>{other === "zh" ? "中文" : "English"}</button>;
}
