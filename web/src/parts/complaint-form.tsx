// A complaint told: about whom, of what kind, what happened, and how to reach who tells it.  Phone first: one column, short answers as large buttons.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { complaintAboutQuery, productsListQuery, type ComplaintAbout, type ComplaintMade, type MeComplaintNew } from "#api";
import complaint from "../text/complaint";
import { useText } from "../text";
import { Area, Choice, Field, Form, type Values } from "./form";
import { Options } from "./options";
import { FailureNote } from "./status";

const MOST = 200;
const TEXT_MIN = 4, TEXT_MAX = 2000, WISH_MAX = 500, NAME_MAX = 60, PHONE_MAX = 24, CASE_MAX = 32;

interface Props {
  send(body: MeComplaintNew): Promise<ComplaintMade>;
  made(what: ComplaintMade): void;
  /** What a link to the form named. */
  institution?: string;
  product?: string;
  /** A subject, which may name a loan case of its own. */
  own?: boolean;
}

/** The products of an institution, where it has some. */
function Product({ institution, chosen }: { institution: string; chosen?: string }) {
  const { t, pick } = useText(complaint);
  const { data } = useQuery({ ...productsListQuery({ limit: MOST }), retry: false });
  const own = data?.items.filter((p) => p.organisation === institution) ?? [];
  if (!own.length) return null;
  return <Choice key={institution} id="product" label={t("cpl.product")} chosen={chosen} options={[["", "–"], ...own.map((p): [string, string] => [p.code, pick(p.title, p.title_en)])]} />;
}

function Asked({ about, send, made, institution, product, own }: Props & { about: ComplaintAbout }) {
  const { t, pick, num } = useText(complaint);
  const [whom, setWhom] = useState(institution ? "institution" : "");
  const [which, setWhich] = useState(about.institutions.some((i) => i.code === institution) ? institution! : "");
  const of = whom === "institution";

  async function act(value: Values): Promise<void> {
    const optional = (name: "wish" | "product" | "loan_case") => (value(name) ? { [name]: value(name) } : {});
    made(await send({ kind: value("kind"), text: value("text"), name: value("name"), phone: value("phone"), ...optional("wish"), ...(of && { organisation: which, ...optional("product"), ...optional("loan_case") }) }));
  }

  const days = about.working_days;
  return (
    <Form submit={t("cpl.send")} act={act}>
      <Options name="whom" legend={t("cpl.about")} options={[{ value: "institution", text: t("cpl.about_institution") }, { value: "platform", text: t("cpl.about_platform") }]} chosen={[whom]} choose={([v]) => setWhom(v ?? "")} />
      {of && (
        <>
          <p className="field">
            <label htmlFor="organisation">{t("cpl.institution")}</label>
            <select id="organisation" name="organisation" required value={which} onChange={(e) => setWhich(e.target.value)}>
              <option value="">{t("cpl.choose")}</option>
              {about.institutions.map((i) => <option key={i.code} value={i.code}>{pick(i.title, i.title_en)}</option>)}
            </select>
          </p>
          {which && <Product institution={which} chosen={which === institution ? product : undefined} />}
          {own && <Field id="loan_case" label={t("cpl.case")} hint={t("cpl.case_hint")} required={false} maxLength={CASE_MAX} autoComplete="off" />}
        </>
      )}
      {whom && (
        <>
          <Choice id="kind" label={t("cpl.kind")} options={about.kinds.map((k) => [k.code, pick(k.title, k.title_en)])} />
          <Area id="text" label={t("cpl.text")} hint={t("cpl.text_hint")} rows={6} minLength={TEXT_MIN} maxLength={TEXT_MAX} />
          <Area id="wish" label={t("cpl.wish")} required={false} rows={2} maxLength={WISH_MAX} />
          <Field id="name" label={t("cpl.name")} maxLength={NAME_MAX} autoComplete="name" />
          <Field id="phone" label={t("cpl.phone")} hint={t("cpl.phone_hint")} type="tel" inputMode="tel" maxLength={PHONE_MAX} autoComplete="tel" />
          <p className="quiet">{t("cpl.days", { accept: num(days.accept), answer: num(days.answer), extension: num(days.extension) })} {t("cpl.days_basis")}</p>
        </>
      )}
    </Form>
  );
}

export function ComplaintForm(props: Props) {
  const { t } = useText(complaint);
  const { data, error } = useQuery({ ...complaintAboutQuery(), retry: false });
  if (error) return <FailureNote error={error} />;
  return data ? <Asked about={data} {...props} /> : <p className="quiet" role="status">{t("status.loading")}</p>;
}
