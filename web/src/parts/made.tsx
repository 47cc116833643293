// Services made from a grant: a name of one's own for its items, or some of them, made with one click and called like any other.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { madeEnd, madeListQuery, madeMake, type GrantWhole, type Made } from "#api";
import { useSession } from "../session";
import share from "../text/share";
import { useText } from "../text";
import { ConfirmDanger } from "./confirm";
import { Field, Form, Tick } from "./form";
import { useNames } from "./names";
import { useRefresh } from "./refresh";
import { Table, type Column } from "./table";

const NAME = "[a-z][a-z0-9_]{0,47}";

export function MadeServices({ grant: g }: { grant: GrantWhole }) {
  const { t, num, pick, when } = useText(share);
  const { can } = useSession();
  const { itemTitle } = useNames([g.resource]);
  const { data } = useSuspenseQuery(madeListQuery({ id: g.id }));
  const refresh = useRefresh();
  const mine = can("service.make") && g.state === "active";
  if (!mine && !data.items.length) return null;
  const columns: Array<Column<Made>> = [
    { id: "name", head: t("made.name"), cell: (m) => can("service.call") ? <Link to={`/services/${encodeURIComponent(m.name)}`}><code>{m.name}</code></Link> : <code>{m.name}</code> },
    { id: "title", head: t("made.title"), cell: (m) => pick(m.title, m.title_en) },
    { id: "version", head: t("made.version"), number: true, cell: (m) => num(m.version) },
    { id: "items", head: t("made.items"), number: true, cell: (m) => num(m.items.length) },
    { id: "at", head: t("made.at"), cell: (m) => when(m.made_at) },
    ...(can("service.make") ? [{ id: "end", head: t("made.act"), cell: (m: Made) => (
      <ConfirmDanger className="plain small" text={t("made.end")} title={t("made.end_ask", { name: m.name })} what={t("made.end_what")} act={async () => {
        await madeEnd({ name: m.name });
        await refresh();
      }} />
    ) }] : []),
  ];
  return (
    <section id="made">
      <h2>{t("made.heading")}</h2>
      <p className="quiet">{t("made.lead")}</p>
      {data.items.length > 0 && (
        <Table label={t("made.heading")} rows={data.items} rowKey={(m) => m.name} columns={columns} />
      )}
      {mine && (
        <Form submit={t("made.go")} act={async (value) => {
          const title = value("made-title");
          const items = g.items.map((i) => i.item).filter((i) => value(`made-item-${i}`) === "on");
          await madeMake({ id: g.id }, { name: value("made-name"), ...(title && { title }), ...(items.length && items.length < g.items.length && { items }) });
          await refresh();
        }}>
          <Field id="made-name" label={t("made.name")} hint={t("made.name_hint")} defaultValue={`${g.resource}_own`.slice(0, 48)} pattern={NAME} maxLength={48} autoComplete="off" spellCheck={false} />
          <Field id="made-title" label={t("made.title")} hint={t("made.title_hint")} required={false} maxLength={100} autoComplete="off" />
          <details>
            <summary>{t("made.choose", { n: num(g.items.length) })}</summary>
            <fieldset className="ways"><legend>{t("made.items")}</legend>{g.items.map((i) => <Tick key={i.item} id={`made-item-${i.item}`} defaultChecked>{itemTitle(g.resource, i.item)} <code>{i.item}</code></Tick>)}</fieldset>
          </details>
        </Form>
      )}
    </section>
  );
}
