// A deed: how it stands, its chain of signed steps, what waits for signatures, what may follow, and the file that proves all of it.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { deedFileUrl, deedShowQuery, type Deed as Whole } from "#api";
import { Badge, StatusTag } from "../parts/badges";
import { DeedChain, Said, yuanOf } from "../parts/deedchain";
import { DetailList } from "../parts/facts";
import { Icon } from "../parts/icon";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import ledger from "../text/ledger";
import { useText } from "../text";

function Waiting({ of }: { of: Whole["waiting"] }) {
  const { t, pick } = useText(ledger);
  const { orgName } = useNames();
  return (
    <section>
      <h2>{t("ledger.waits")}</h2>
      {of.map((p) => (
        <div key={p.statement} className="panel">
          <h3>{pick(p.act_title, p.act_title_en)}</h3>
          <Said said={p.said} />
          <p className="badges">{p.signers.map((x) => <Badge key={x.organisation} tone={x.signed ? "good" : "fair"}>{x.signed ? t("ledger.signed") : t("ledger.missing")} {orgName(x.organisation)}</Badge>)}</p>
        </div>
      ))}
    </section>
  );
}

function Next({ rules }: { rules: Whole["next"] }) {
  const { t, tCode, pick, listed } = useText(ledger);
  if (!rules.length) return <p className="quiet">{t("ledger.next_none")}</p>;
  return <ul className="plainlist">{rules.map((r) => <li key={r.act}><strong>{pick(r.act_title, r.act_title_en)}</strong> <span className="quiet">{t("ledger.by", { who: listed(r.signers.map((x) => tCode("role", x))) })}</span></li>)}</ul>;
}

export default function Deed() {
  const id = useParams()["id"]!;
  const { t, pick, money, day } = useText(ledger);
  const { orgName } = useNames();
  const { data: d } = useSuspenseQuery(deedShowQuery({ id }));
  return (
    <Page title={`${pick(d.kind_title, d.kind_title_en)} ${money(yuanOf(d.amount_fen))}`} lead={d.document} back={["/ledger", t("nav.ledger")]} badges={<StatusTag of={d} />} help={t("ledger.help")}>
      <div className="columns">
        <div className="wide">
          {d.waiting.length > 0 && <Waiting of={d.waiting} />}
          <DeedChain steps={d.steps} />
        </div>
        <div className="narrow">
          <section>
            <h2>{t("ledger.about")}</h2>
            <DetailList rows={[
              [t("ledger.holder"), orgName(d.holder)], [t("ledger.obligor"), orgName(d.obligor)], [t("ledger.financier"), d.financier && orgName(d.financier)],
              [t("ledger.amount"), money(yuanOf(d.amount_fen))], [t("ledger.financed"), d.financed_fen > 0 && money(yuanOf(d.financed_fen))], [t("ledger.due"), d.due && day(d.due)],
              [t("ledger.parent"), d.parent && <Link to={`/ledger/${d.parent}`}>{d.parent}</Link>],
            ]} />
            <p><a className="button" href={deedFileUrl({ id })} download={`deed-${id}.json`}><Icon name="download" />{t("ledger.file")}</a></p>
          </section>
          <section><h2>{t("ledger.next")}</h2><Next rules={d.next} /></section>
        </div>
      </div>
    </Page>
  );
}
