// What an institution says of itself: proposed, or changed.
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { marketInstitutionSay, type MarketInstitutionCard } from "#api";
import market from "../text/market";
import { useText } from "../text";
import { CodeField } from "./codefield";
import { CodeList } from "./codelist";
import { Area, Field, Form } from "./form";

export function InstitutionForm({ now }: { now: MarketInstitutionCard | null }) {
  const { t } = useText(market);
  const client = useQueryClient();
  const [regions, setRegions] = useState(now?.regions.map((r) => r.code) ?? []);
  return (
    <Form submit={t("inst.save")} act={async (value) => {
      const given = (name: "parent" | "about" | "about_en") => (value(name) ? { [name]: value(name) } : {});
      await marketInstitutionSay({ kind: value("inst-kind"), licence: value("licence"), regions, contact: value("contact"), phone: value("phone"), ...given("parent"), ...given("about"), ...given("about_en") });
      await client.invalidateQueries();
    }}>
      {now && ["listed", "suspended"].includes(now.state) && <p className="quiet">{t(now.asked ? "inst.asked_already" : "inst.asks")}</p>}
      <CodeField id="inst-kind" label={t("inst.kind")} table="FIN_INSTITUTION_KIND" value={now?.kind ?? ""} required />
      <Field id="licence" label={t("inst.licence")} defaultValue={now?.licence} maxLength={40} autoComplete="off" />
      <CodeList id="inst-regions" label={t("inst.regions")} table="REGION" value={regions} change={setRegions} />
      <Field id="parent" label={t("inst.parent")} hint={t("inst.parent_hint")} defaultValue={now?.parent ?? ""} maxLength={64} required={false} autoComplete="off" />
      <Field id="contact" label={t("inst.contact")} defaultValue={now?.contact} maxLength={60} autoComplete="off" />
      <Field id="phone" label={t("inst.phone")} defaultValue={now?.phone} maxLength={30} autoComplete="off" />
      <Area id="about" label={t("inst.about")} defaultValue={now?.about ?? ""} maxLength={1000} required={false} />
      <Area id="about_en" label={t("inst.about_en")} defaultValue={now?.about_en ?? ""} maxLength={2000} required={false} />
    </Form>
  );
}
