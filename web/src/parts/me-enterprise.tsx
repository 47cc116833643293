// An enterprise's own profile on the finance platform: what base resources know is filled in and named with its source; the firm tells the few fields that
// they do not know; size class with its limits, and how complete it all is.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { meEnterpriseClose, meEnterpriseQuery, meEnterpriseRegister, type MeEnterprise, type MeEnterpriseField, type MeEnterpriseTold } from "#api";
import finance from "../text/finance";
import { useText } from "../text";
import { Badge } from "./badges";
import { CodeField } from "./codefield";
import { Figures } from "./facts";
import { Field, Form } from "./form";
import { MyPrechecks } from "./me-prechecks";
import { MyPolicies } from "./me-policies";
import { MyProducts } from "./me-products";
import { MyStaff } from "./me-staff";
import { FailureNote, Note } from "./status";
import { Table, type Column } from "./table";

const LONG = 80; // of a scope of business, so much is shown

function shown(f: MeEnterpriseField, pick: (zh: string, en: string | null) => string, num: (n: number) => string): string {
  if (f.value === null) return "";
  if (f.code_title !== null) return pick(f.code_title, f.code_title_en);
  return f.number ? num(Number(f.value)) : f.value.length > LONG ? `${f.value.slice(0, LONG)}…` : f.value;
}

function Profile({ data }: { data: MeEnterprise }) {
  const { t, pick, num, day } = useText(finance);
  const columns: Array<Column<MeEnterpriseField>> = [
    { id: "title", head: t("firm.field"), cell: (f) => pick(f.title, f.title_en) },
    { id: "value", head: t("firm.value"), cell: (f) => (f.value === null ? <Badge tone="fair">{t("firm.missing")}</Badge> : shown(f, pick, num)) },
    { id: "from", head: t("firm.from"), cell: (f) => <span className="quiet">{f.from === "base" ? `${f.provider_name ?? ""} · ${f.resource_title === null ? "" : pick(f.resource_title, f.resource_title_en)}${f.published_at ? ` · ${day(f.published_at)}` : ""}` : f.from === "firm" ? t("firm.own") : ""}</span> },
  ];
  return <Table label={t("firm.title")} columns={columns} rows={data.fields} rowKey={(f) => f.field} />;
}

function Size({ size: s }: { size: MeEnterprise["size"] }) {
  const { t, tCode, pick, num } = useText(finance);
  return (
    <section>
      <h2>{t("size.title", { size: pick(s.title, s.title_en) })}</h2>
      <p>{pick(s.reason_title, s.reason_title_en)}{s.industry !== null && ` · ${pick(s.industry, s.industry_en)}`}</p>
      {s.measures.length > 0 && (
        <ul className="source-lines">
          {s.measures.map((m) => <li key={m.measure}>{t("size.limits", { measure: tCode("measure", m.measure), large: num(m.large), medium: num(m.medium), small: num(m.small) })}</li>)}
        </ul>
      )}
      {s.source !== null && <p className="quiet">{t("size.source", { source: s.source })}</p>}
    </section>
  );
}

/** What base resources do not know; what the firm told before is there to be changed. */
function Tell({ data, acting }: { data: MeEnterprise; acting: boolean }) {
  const { t, pick } = useText(finance);
  const client = useQueryClient();
  const fields = data.fields.filter((f) => f.teller !== "base" && f.from !== "base");
  const registered = data.state === "registered";
  const again = (): Promise<void> => client.invalidateQueries({ predicate: (q) => q.queryKey[0] === "me.enterprise" });
  return (
    <section>
      <h2>{registered ? t("firm.change") : t("firm.register")}</h2>
      <Form submit={registered ? t("firm.save") : t("firm.register")} act={async (value) => {
        const told = Object.fromEntries(fields.map((f) => [f.field, value(`firm-${f.field}`)]).filter(([, v]) => v));
        await meEnterpriseRegister(told as unknown as MeEnterpriseTold);
        await again();
      }} more={registered && !acting && <button type="button" className="plain" onClick={() => void meEnterpriseClose().then(again)}>{t("firm.close")}</button>}>
        {fields.map((f) => f.field === "industry_code" ? (
          <CodeField key={f.field} id={`firm-${f.field}`} label={pick(f.title, f.title_en)} table="INDUSTRY" value={f.value ?? ""} required={false} />
        ) : (
          <Field key={f.field} id={`firm-${f.field}`} label={pick(f.title, f.title_en)} defaultValue={f.value ?? ""} required={f.teller === "firm"}
            inputMode={f.number ? "numeric" : f.field === "contact_mobile" ? "tel" : "text"} autoComplete={f.field === "contact_mobile" ? "tel-national" : "off"} maxLength={50} />
        ))}
      </Form>
    </section>
  );
}

/** acting: a person to whom the firm delegates has it open, who may see and tell, and nothing else of this. */
export function MyEnterprise({ acting = false }: { acting?: boolean }) {
  const { t, num } = useText(finance);
  const { data, error } = useQuery({ ...meEnterpriseQuery(), retry: false });
  if (error) return <FailureNote error={error} />;
  if (!data) return null;
  return (
    <>
      {data.state === "registered" ? <Note tone="fine" role="status"><p>{t("firm.registered", { id: data.id ?? "" })}</p><p className="buttons"><Link className="button" to="/financing">{t("firm.finance")}</Link></p></Note> : <Note><p>{t("firm.not_yet")}</p></Note>}
      <Figures rows={[[t("firm.complete"), t("firm.of", { known: num(data.known), of: num(data.of) })]]} />
      <Tell data={data} acting={acting} key={data.changed_at ?? ""} />
      <Size size={data.size} />
      {!acting && <><MyStaff data={data} /><MyProducts /><MyPolicies /><MyPrechecks /></>}
      <Profile data={data} />
    </>
  );
}
