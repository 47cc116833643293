// Who may act for the enterprise that is signed in: whether its legal representative is verified, and the staff to whom it delegates.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meDelegateInvite, meDelegatesQuery, meDelegationEnd, meRepresentative, type DelegateCode, type DelegateNew, type Delegation, type MeEnterprise } from "#api";
import models from "../text/models";
import { useText } from "../text";
import { Badge } from "./badges";
import { ConfirmDanger } from "./confirm";
import { HandOver } from "./consenting";
import { Field, Form, Tick } from "./form";
import { useRefresh } from "./refresh";
import { FailureNote } from "./status";
import { Table, type Column } from "./table";

const SCOPES: DelegateNew["scopes"] = ["profile", "financing", "precheck"];
const TONES: Record<MeEnterprise["auth_status"], string> = { 0: "fair", 1: "good", 2: "poor" };

function Verify() {
  const { t } = useText(models);
  const [made, setMade] = useState<DelegateCode | null>(null);
  return (
    <details>
      <summary>{t("staff.verify")}</summary>
      <div role="status">{made && <HandOver text={t("staff.verify_done")} url={made.url} />}</div>
      <Form submit={t("staff.verify")} act={async () => setMade(await meRepresentative())} />
    </details>
  );
}

function Invite() {
  const { t, tCode } = useText(models);
  const refresh = useRefresh();
  const [made, setMade] = useState<DelegateCode | null>(null);
  return (
    <details>
      <summary>{t("staff.invite")}</summary>
      <div role="status">{made && <HandOver text={t("staff.invite_done")} url={made.url} />}</div>
      <Form submit={t("staff.invite")} act={async (value) => {
        const note = value("staff-note");
        setMade(await meDelegateInvite({ scopes: SCOPES.filter((s) => value(`staff-${s}`) === "on"), until: value("staff-until"), ...(note && { note }) }));
        await refresh();
      }}>
        <fieldset className="ways"><legend>{t("staff.scopes")}</legend>{SCOPES.map((s) => <Tick key={s} id={`staff-${s}`} defaultChecked={s === "profile"}>{tCode("staff", s)}</Tick>)}</fieldset>
        <div className="pair">
          <Field id="staff-until" label={t("staff.until")} type="date" />
          <Field id="staff-note" label={t("staff.note")} required={false} maxLength={50} autoComplete="off" />
        </div>
      </Form>
    </details>
  );
}

export function MyStaff({ data }: { data: MeEnterprise }) {
  const { t, pick, day, listed } = useText(models);
  const refresh = useRefresh();
  const { data: list, error } = useQuery({ ...meDelegatesQuery(), retry: false });
  const columns: Array<Column<Delegation>> = [
    { id: "who", head: t("staff.who"), cell: (d) => <>{d.note ?? d.title ?? "–"}{d.title !== null && d.note !== null && <> · {d.title}</>} <span className="quiet">{d.subject}</span></> },
    { id: "scopes", head: t("staff.scopes"), cell: (d) => listed(d.scopes.map((s) => pick(s.title, s.title_en))) },
    { id: "until", head: t("staff.until"), cell: (d) => day(d.until) },
    { id: "state", head: t("staff.state"), cell: (d) => <Badge tone={d.acts ? "good" : "fair"}>{pick(d.state_title, d.state_title_en)}</Badge> },
    { id: "end", head: t("staff.end"), cell: (d) => (d.state === "acting" || d.state === "invited") && (
      <ConfirmDanger className="plain small" text={t("staff.end")} title={t("staff.end_ask")} what={t("staff.end_what")} act={async () => {
        await meDelegationEnd({ id: d.id });
        await refresh();
      }} />
    ) },
  ];
  if (error) return <FailureNote error={error} />;
  const staff = (list?.items ?? []).filter((d) => d.kind === "staff");
  return (
    <section>
      <h2>{t("staff.title")}</h2>
      <p><Badge tone={TONES[data.auth_status]}>{pick(data.auth_title, data.auth_title_en)}</Badge></p>
      <Verify />
      <p className="quiet">{t("staff.lead")}</p>
      {staff.length > 0 ? <Table label={t("staff.title")} columns={columns} rows={staff} rowKey={(d) => d.id} /> : <p className="quiet">{t("staff.none")}</p>}
      <Invite />
    </section>
  );
}
