// The special report: which categories, in which form; each file is issued, numbered and signed once, and saved here.
import { useState } from "react";
import { Link } from "react-router";
import { reportPageUrl, ruralReportAskUrl, type RuralProspect } from "#api";
import { sendForFile } from "#send";
import type { Who } from "../pages/ruralreport";
import ruralreport from "../text/ruralreport";
import { lang, useText } from "../text";
import { saveFile } from "./csv";
import { Choice, Form, Tick } from "./form";
import { Note, Told } from "./status";

export function RuralMake({ who, prospect }: { who: Who; prospect: RuralProspect }) {
  const { t, pick } = useText(ruralreport);
  const [saved, setSaved] = useState<string[]>([]);
  return (
    <>
      <Form submit={t("rr.make_go")} act={async (value) => {
        const sections = prospect.sections.map((s) => s.code).filter((code) => value(`sec-${code}`)), format = value("rr-format");
        if (!sections.length) throw new Told(t("rr.no_sections"));
        const { name, file } = await sendForFile(ruralReportAskUrl(), { ...who, sections: sections.join(" "), format, lang: lang() });
        saveFile(name ?? `report.${format}`, file, file.type);
        setSaved((s) => [...s, name ?? `report.${format}`]);
      }}>
        <fieldset className="ways"><legend>{t("rr.sections")}</legend>{prospect.sections.map((s) => <Tick key={s.code} id={`sec-${s.code}`} defaultChecked>{pick(s.title, s.title_en)}</Tick>)}</fieldset>
        <Choice id="rr-format" label={t("rr.format")} hint={t("rr.format_hint")} options={[["pdf", t("rr.pdf")], ["html", t("rr.html")], ["json", t("rr.json")]]} />
      </Form>
      {saved.length > 0 && (
        <Note tone="fine" role="status">
          <p>{t("rr.saved")}</p>
          <ul className="plain-list">{saved.map((name) => <li key={name}><a href={reportPageUrl({ number: name.replace(/\.\w+$/, "") })}>{name}</a></li>)}</ul>
          <p><Link to="/reports">{t("rr.all_reports")}</Link></p>
        </Note>
      )}
    </>
  );
}
