// Accounts, systems and freezes: each administrator sees all three and may change what is theirs.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import {
  accountDuties, accountEnabled, accountInvite, accountMake, accountsList, accountsListQuery, accountUnlock, clientEnabled, clientsList, clientsListQuery, freezeEnd, freezeMake, freezesList, freezesListQuery,
  type Account, type Client, type Freeze, type FreezeNew,
} from "#api";
import { Badge } from "../parts/badges";
import { ClientPortals } from "../parts/client-portal";
import { Ask, ConfirmDanger } from "../parts/confirm";
import { Choice, Field, Form, Tick } from "../parts/form";
import { orderOf, useHashList, type ListState } from "../parts/list";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, FailureNote, Note } from "../parts/status";
import { Filter, FilterField, ServerTable, type Column } from "../parts/table";
import { useSession } from "../session";
import account from "../text/account";
import { useText } from "../text";

const DUTIES: Array<Account["duties"][number]> = [
  "source_steward", "consumer_steward", "operator", "approver", "system_administrator", "security_administrator", "auditor", "collector", "rural_officer",
];
const FREEZES = ["organisation", "client", "resource", "gateway"] as const;
const FREEZE_ORDERS = ["made", "kind", "id", "by"] as const;

/** Something that is done at once, and what is told of it. */
type Act = (work: () => Promise<unknown>) => void;

function NewAccount() {
  const { t, pick } = useText(account);
  const { organisations } = useNames();
  const refresh = useRefresh();
  return (
    <details>
      <summary>{t("admin.new")}</summary>
      <Form submit={t("admin.make")} act={async (value, form) => {
        await accountMake({ id: value("new-id"), name: value("new-name"), organisation: value("new-organisation") });
        form.reset();
        await refresh();
      }}>
        <Field id="new-id" label={t("signin.account")} maxLength={64} autoComplete="off" autoCapitalize="none" />
        <Field id="new-name" label={t("admin.name")} maxLength={64} autoComplete="off" />
        <Choice id="new-organisation" label={t("admin.organisation")} options={organisations.map((o) => [o.code, pick(o.name, o.name_en)])} />
      </Form>
    </details>
  );
}

function Duties({ account: a }: { account: Account }) {
  const { t, tCode } = useText(account);
  const { can } = useSession();
  const refresh = useRefresh();
  const shown = a.duties.length ? a.duties.map((d) => <Badge key={d}>{tCode("duty", d)}</Badge>) : t("admin.none");
  if (!can("account.empower")) return <span className="badges">{shown}</span>;
  return (
    <details>
      <summary>{shown}</summary>
      <Form submit={t("admin.save")} act={(value) => accountDuties({ id: a.id }, { duties: DUTIES.filter((d) => value(`duty-${a.id}-${d}`)) }).then(refresh)}>
        {DUTIES.map((d) => <Tick key={d} id={`duty-${a.id}-${d}`} defaultChecked={a.duties.includes(d)}>{tCode("duty", d)}</Tick>)}
      </Form>
    </details>
  );
}

const ACCOUNT_STATES = ["invited", "active", "disabled", "locked"] as const;
const ACCOUNT_ORDERS = ["name", "id", "organisation", "state", "seen"] as const;

const stateOf = (a: Account) => (a.locked_until ? "locked" : a.state);

function AccountFilters({ list }: { list: ListState }) {
  const { t, tCode } = useText(account);
  return (
    <>
      <FilterField list={list} name="q" label={t("admin.find")} maxLength={64} />
      <OrganisationFilter list={list} />
      <Filter list={list} name="duty" label={t("admin.duties")} all={t("admin.any")} options={DUTIES.map((d) => [d, tCode("duty", d)])} />
      <Filter list={list} name="state" label={t("admin.state")} all={t("admin.any")} options={ACCOUNT_STATES.map((s) => [s, tCode("account", s)])} />
    </>
  );
}

function OrganisationFilter({ list }: { list: ListState }) {
  const { t, pick } = useText(account);
  const { organisations } = useNames();
  return <Filter list={list} name="organisation" label={t("admin.organisation")} all={t("admin.any")} options={organisations.map((o) => [o.code, pick(o.name, o.name_en)])} />;
}

function Accounts({ act, invited }: { act: Act; invited(id: string, link: string): void }) {
  const { t, tCode, when, listed } = useText(account);
  const { can } = useSession();
  const { orgName } = useNames();
  const refresh = useRefresh();
  const list = useHashList("accounts");
  const asked = {
    q: list.filter("q") || undefined, organisation: list.filter("organisation") || undefined, sort: orderOf(list, ACCOUNT_ORDERS),
    duty: DUTIES.find((d) => d === list.filter("duty")), state: ACCOUNT_STATES.find((s) => s === list.filter("state")),
  };
  const { data: page } = useSuspenseQuery(accountsListQuery({ ...asked, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<Account>> = [
    { id: "name", sort: "name", head: t("admin.name"), text: (a) => `${a.name} ${a.id}`, cell: (a) => <>{a.name}<span className="quiet">{a.id}</span></> },
    { id: "organisation", sort: "organisation", head: t("admin.organisation"), text: (a) => orgName(a.organisation), cell: (a) => orgName(a.organisation) },
    { id: "state", sort: "state", head: t("admin.state"), text: (a) => tCode("account", stateOf(a)), cell: (a) => <Badge tone={stateOf(a) === "active" ? "good" : "fair"}>{tCode("account", stateOf(a))}</Badge> },
    { id: "duties", head: t("admin.duties"), text: (a) => listed(a.duties.map((d) => tCode("duty", d))), cell: (a) => <Duties account={a} /> },
    { id: "seen", sort: "seen", head: t("admin.seen"), text: (a) => a.seen_at, cell: (a) => when(a.seen_at) },
    { id: "do", head: t("admin.do"), cell: (a) => (
      <span className="row-buttons">
        {can("account.make") && <button type="button" className="plain" onClick={() => act(() => accountInvite({ id: a.id }).then(({ link }) => invited(a.id, link)))}>{t("admin.invite")}</button>}
        {can("account.make") && (a.state === "disabled"
          ? <button type="button" className="plain" onClick={() => act(() => accountEnabled({ id: a.id }, { enabled: true }))}>{t("admin.enable")}</button>
          : <ConfirmDanger text={t("admin.disable")} title={t("admin.disable_ask", { name: a.name })} what={t("admin.disable_account")} act={() => accountEnabled({ id: a.id }, { enabled: false }).then(refresh)} />)}
        {can("account.empower") && a.locked_until && <button type="button" className="plain" onClick={() => act(() => accountUnlock({ id: a.id }))}>{t("admin.unlock")}</button>}
      </span>
    ) },
  ];
  return (
    <ServerTable id="accounts" label={t("admin.accounts")} columns={columns} page={page} rowKey={(a) => a.id} list={list} ask={(offset, limit) => accountsList({ ...asked, limit, offset })}
      empty={<Empty text={t("admin.no_accounts")} />} filters={<AccountFilters list={list} />} />
  );
}

const LETTERS = 12; // of a key's thumbprint: enough to compare by eye

const CLIENT_STATES = ["waiting", "active", "disabled"] as const;
const CLIENT_ORDERS = ["title", "id", "organisation", "state", "made"] as const;

function Clients({ act }: { act: Act }) {
  const { t, tCode, when } = useText(account);
  const { can } = useSession();
  const { orgName } = useNames();
  const refresh = useRefresh();
  const list = useHashList("clients");
  const asked = {
    q: list.filter("q") || undefined, organisation: list.filter("organisation") || undefined, sort: orderOf(list, CLIENT_ORDERS),
    state: CLIENT_STATES.find((s) => s === list.filter("state")),
  };
  const { data: page } = useSuspenseQuery(clientsListQuery({ ...asked, limit: list.limit, offset: list.offset }));
  const columns: Array<Column<Client>> = [
    { id: "name", sort: "title", head: t("admin.name"), text: (c) => `${c.title} ${c.id}`, cell: (c) => <>{c.title}<span className="quiet">{c.id}</span></> },
    { id: "organisation", sort: "organisation", head: t("admin.organisation"), text: (c) => orgName(c.organisation), cell: (c) => orgName(c.organisation) },
    { id: "state", sort: "state", head: t("admin.state"), text: (c) => tCode("client", c.state), cell: (c) => <Badge tone={c.state === "active" ? "good" : "fair"}>{tCode("client", c.state)}</Badge> },
    { id: "keys", head: t("admin.keys"), text: (c) => c.keys.map((k) => k.kid).join(" "), cell: (c) => c.keys.map((k) => <code key={k.kid}>{k.kid.slice(0, LETTERS)}</code>) },
    { id: "made", sort: "made", head: t("admin.made"), extra: true, text: (c) => c.made_at, cell: (c) => when(c.made_at) },
    { id: "do", head: t("admin.do"), cell: (c) => can("client.empower") && (c.state === "active"
      ? <ConfirmDanger text={t("admin.disable")} title={t("admin.disable_ask", { name: c.title })} what={t("admin.disable_client")} act={() => clientEnabled({ id: c.id }, { enabled: false }).then(refresh)} />
      : <button type="button" className="plain" onClick={() => act(() => clientEnabled({ id: c.id }, { enabled: true }))}>{t("admin.enable")}</button>) },
  ];
  return (
    <ServerTable id="clients" label={t("admin.clients")} columns={columns} page={page} rowKey={(c) => c.id} list={list} ask={(offset, limit) => clientsList({ ...asked, limit, offset })}
      empty={<Empty text={t("admin.no_clients")} />}
      filters={<>
        <FilterField list={list} name="q" label={t("admin.find_client")} maxLength={100} />
        <OrganisationFilter list={list} />
        <Filter list={list} name="state" label={t("admin.state")} all={t("admin.any")} options={CLIENT_STATES.map((s) => [s, tCode("client", s)])} />
      </>} />
  );
}

function Freezes({ act }: { act: Act }) {
  const { t, tCode, when } = useText(account);
  const refresh = useRefresh();
  const list = useHashList("freezes");
  const kind = FREEZES.find((k) => k === list.filter("kind"));
  const sort = orderOf(list, FREEZE_ORDERS);
  const { data: page } = useSuspenseQuery(freezesListQuery({ kind, sort, limit: list.limit, offset: list.offset }));
  const [asked, ask] = useState<{ new: FreezeNew; form: HTMLFormElement } | null>(null);
  const freeze = async ({ new: it, form }: NonNullable<typeof asked>): Promise<void> => {
    await freezeMake(it);
    form.reset();
    await refresh();
  };
  const columns: Array<Column<Freeze>> = [
    { id: "kind", sort: "kind", head: t("admin.freeze_kind"), text: (f) => `${tCode("freeze", f.kind)} ${f.id}`, cell: (f) => <>{tCode("freeze", f.kind)}<span className="quiet">{f.id}</span></> },
    { id: "reason", head: t("admin.reason"), text: (f) => f.reason, cell: (f) => f.reason },
    { id: "since", sort: "made", head: t("admin.since"), text: (f) => f.made_at, cell: (f) => when(f.made_at) },
    { id: "by", sort: "by", head: t("admin.by"), extra: true, text: (f) => f.made_by, cell: (f) => f.made_by ?? "–" },
    { id: "do", head: t("admin.do"), cell: (f) => <button type="button" className="plain" onClick={() => act(() => freezeEnd({ kind: f.kind, id: f.id }))}>{t("admin.thaw")}</button> },
  ];
  return (
    <section>
      <h2>{t("admin.freezes")}</h2>
      <details>
        <summary>{t("admin.freeze")}</summary>
        <p className="quiet">{t("admin.freeze_what")}</p>
        <Form submit={t("admin.freeze")} act={(value, form) => Promise.resolve(ask({ new: { kind: value("freeze-kind") as Freeze["kind"], id: value("freeze-id"), reason: value("freeze-reason") }, form }))}>
          <Choice id="freeze-kind" label={t("admin.freeze_kind")} options={FREEZES.map((k) => [k, tCode("freeze", k)])} />
          <Field id="freeze-id" label={t("admin.freeze_id")} hint={t("admin.freeze_hint")} maxLength={128} autoComplete="off" />
          <Field id="freeze-reason" label={t("admin.reason")} minLength={2} maxLength={400} autoComplete="off" />
        </Form>
        {asked && (
          <Suspense>
            <Ask text={t("admin.freeze")} title={t("admin.freeze_ask", { kind: tCode("freeze", asked.new.kind), id: asked.new.id })} act={() => freeze(asked)} onClose={() => ask(null)}
              what={<><p>{tCode("freeze_does", asked.new.kind)}</p><p className="quiet">{t("admin.freeze_undo")}</p></>} />
          </Suspense>
        )}
      </details>
      <ServerTable id="freezes" label={t("admin.freezes")} columns={columns} page={page} rowKey={(f) => `${f.kind} ${f.id}`} list={list} ask={(offset, limit) => freezesList({ kind, sort, limit, offset })}
        empty={<Empty text={t("admin.no_freezes")} />}
        filters={<Filter list={list} name="kind" label={t("admin.freeze_kind")} all={t("admin.any")} options={FREEZES.map((k) => [k, tCode("freeze", k)])} />} />
    </section>
  );
}

export default function Admin() {
  const { t } = useText(account);
  const { can } = useSession();
  const refresh = useRefresh();
  const [problem, setProblem] = useState<unknown>(null);
  const [invitation, setInvitation] = useState<{ id: string; link: string } | null>(null);
  const act: Act = (work) => {
    setProblem(null);
    work().then(refresh).catch(setProblem);
  };
  return (
    <Page title={t("admin.title")} lead={t("admin.lead")} help={t("admin.help")}>
      {problem ? <FailureNote error={problem} /> : null}
      {invitation && <Note tone="fine" role="status"><p>{t("admin.invited", { id: invitation.id })}</p><p><code>{location.origin + invitation.link}</code></p></Note>}
      <section>
        <h2>{t("admin.accounts")}</h2>
        {can("account.make") && <NewAccount />}
        <Accounts act={act} invited={(id, link) => setInvitation({ id, link })} />
      </section>
      <section><h2>{t("admin.clients")}</h2><Clients act={act} />{can("client.make") && <ClientPortals />}</section>
      {can("freeze") && <Freezes act={act} />}
    </Page>
  );
}
