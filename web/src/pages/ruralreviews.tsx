// Reviews of villages (整村授信): rounds of one's region, or those one is a member of; on a phone the committee's member goes through the households.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useSearchParams } from "react-router";
import { ruralRoundAdd, ruralRoundClose, ruralRoundMark, ruralRoundQuery, ruralRoundsQuery, type RuralMarkNew, type RuralRoundHouseholds, type RuralRounds } from "#api";
import { Badge } from "../parts/badges";
import { Figures } from "../parts/facts";
import { Area, Field, Form, Tick } from "../parts/form";
import { Page } from "../parts/page";
import { Pager } from "../parts/pager";
import { useRefresh } from "../parts/refresh";
import { markTone } from "../parts/rural-rating";
import { Empty, Told } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { useSession } from "../session";
import ruralcredit from "../text/ruralcredit";
import { useText } from "../text";

type Household = RuralRoundHouseholds["items"][number];
type Mark = RuralMarkNew["mark"];

const PAGE = 50;
const MARKS: Mark[] = ["white", "grey", "black"];
const LETTER: Record<Mark, string> = { white: "W", grey: "G", black: "B" };

function Judge({ round, household: h, codes, done }: { round: string; household: Household; codes: RuralRoundHouseholds["reason_codes"]; done(): Promise<void> }) {
  const { t, tCode, pick } = useText(ruralcredit);
  const [mark, setMark] = useState<Mark>(h.mine ?? "white");
  const id = `j-${h.household_no}`;
  return (
    <Form submit={t("review.save")} act={async (value) => {
      const reasons = codes.filter((c) => value(`${id}-${c.code}`)).map((c) => c.code).filter((c) => c.startsWith(LETTER[mark]));
      if (!reasons.length) throw new Told(t("review.no_reason"));
      await ruralRoundMark({ id: round }, { household: h.household_no, mark, reasons });
      await done();
    }}>
      <fieldset className="ways"><legend>{t("review.mark")}</legend>
        {MARKS.map((m) => <label key={m} className="choice"><input type="radio" name={`${id}-mark`} checked={mark === m} onChange={() => setMark(m)} /><span>{tCode("mark", m)}</span></label>)}
      </fieldset>
      <fieldset className="ways" key={mark}><legend>{t("review.reasons")}</legend>
        {codes.filter((c) => c.code.startsWith(LETTER[mark])).map((c) => <Tick key={c.code} id={`${id}-${c.code}`} defaultChecked={h.reasons.includes(c.code)}>{pick(c.title, c.title_en)}</Tick>)}
      </fieldset>
    </Form>
  );
}

function Round({ id, member }: { id: string; member: boolean }) {
  const { t, tCode, num } = useText(ruralcredit);
  const { can } = useSession();
  const refresh = useRefresh();
  const [offset, setOffset] = useState(0);
  const { data } = useSuspenseQuery(ruralRoundQuery({ id, offset, limit: PAGE }));
  const r = data.round, open = r.closed_at === null;
  const mine = data.items.filter((h) => h.mine).length;
  return (
    <section>
      <h2>{r.village_name} · {r.title}</h2>
      <Figures rows={[
        [t("review.households"), num(data.total)], [t("review.committee"), num(r.members)], ...(member && open ? [[t("review.mine"), `${num(mine)} / ${num(data.items.length)}`] as [string, string]] : []),
        ...(open ? [] : [[tCode("mark", "white"), num(r.white)], [tCode("mark", "grey"), num(r.grey)], [tCode("mark", "black"), num(r.black)]] as Array<[string, string]>),
      ]} />
      <p className="quiet">{t(open ? "review.open_note" : "review.closed_note")}</p>
      <ul className="candidates">
        {data.items.map((h) => (
          <li key={h.household_no} className="panel">
            <h3>{h.head_name} <span className="quiet">{h.household_no}</span></h3>
            <p className="badges">
              <Badge>{t("review.people", { n: num(h.members) })}</Badge><Badge>{t("review.voted", { n: num(h.voted), of: num(r.members) })}</Badge>
              {h.mine && <Badge tone={markTone(h.mine)}>{t("review.my_mark", { mark: tCode("mark", h.mine) })}</Badge>}
              {h.outcome && <Badge tone={markTone(h.outcome)}>{t("review.outcome", { mark: tCode("mark", h.outcome) })}</Badge>}
            </p>
            {member && open && <details><summary>{t(h.mine ? "review.change" : "review.judge")}</summary><Judge round={id} household={h} codes={data.reason_codes} done={refresh} /></details>}
          </li>
        ))}
      </ul>
      <Pager total={data.total} offset={data.offset} limit={data.limit} onTurn={setOffset} />
      {open && can("rural.round") && <Form submit={t("review.close")} act={() => ruralRoundClose({ id }).then(refresh)}><p className="quiet">{t("review.close_note")}</p></Form>}
    </section>
  );
}

function Open() {
  const { t } = useText(ruralcredit);
  const refresh = useRefresh();
  return (
    <details>
      <summary>{t("review.new")}</summary>
      <Form submit={t("review.new")} act={async (value) => {
        const members = value("rv-members").split(/[\s,，、]+/).filter(Boolean);
        await ruralRoundAdd({ village: value("rv-village"), title: value("rv-title"), members });
        await refresh();
      }}>
        <div className="pair">
          <Field id="rv-village" label={t("review.village")} hint={t("review.village_hint")} pattern="[0-9]{12}" maxLength={12} inputMode="numeric" autoComplete="off" />
          <Field id="rv-title" label={t("review.title")} maxLength={100} autoComplete="off" />
        </div>
        <Area id="rv-members" label={t("review.members")} hint={t("review.members_hint")} maxLength={2000} rows={2} />
      </Form>
    </details>
  );
}

export default function RuralReviewsPage() {
  const { t, day, num } = useText(ruralcredit);
  const { can } = useSession();
  const [params, setParams] = useSearchParams();
  const { data } = useSuspenseQuery(ruralRoundsQuery());
  const chosen = data.items.find((r) => r.id === params.get("round")) ?? null;
  const columns: Array<Column<RuralRounds["items"][number]>> = [
    { id: "village", head: t("review.village_name"), cell: (r) => <button type="button" className="plain small" onClick={() => setParams({ round: r.id })}>{r.village_name}</button> },
    { id: "title", head: t("review.title"), cell: (r) => r.title },
    { id: "state", head: t("review.state"), cell: (r) => <span><Badge tone={r.closed_at ? "quietly" : "good"}>{t(r.closed_at ? "review.closed" : "review.open")}</Badge>{r.member && <Badge tone="role">{t("review.i_am")}</Badge>}</span> },
    { id: "opened", head: t("review.opened"), cell: (r) => day(r.opened_at) },
    { id: "members", head: t("review.committee"), number: true, cell: (r) => num(r.members) },
  ];
  return (
    <Page title={t("nav.ruralreviews")} lead={t("review.lead")} help={t("review.help")}>
      {can("rural.round") && <div className="tasks"><Open /></div>}
      {data.items.length ? <Table label={t("nav.ruralreviews")} columns={columns} rows={data.items} rowKey={(r) => r.id} /> : <Empty text={t("review.none")} />}
      {chosen && <Suspense fallback={null}><Round key={chosen.id} id={chosen.id} member={chosen.member} /></Suspense>}
    </Page>
  );
}
