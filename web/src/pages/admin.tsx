// Accounts, systems and freezes: each administrator sees all three and may change what is theirs.
import { useQuery, useSuspenseQueries } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import {
  accountDuties, accountEnabled, accountInvite, accountMake, accountsListQuery, accountUnlock, clientEnabled, clientsListQuery, freezeEnd, freezeMake, freezesListQuery,
  type Account, type Client, type Freeze, type FreezeNew,
} from "#api";
import { Badge } from "../parts/badges";
import { Ask, ConfirmDanger } from "../parts/confirm";
import { Choice, Field, Form, Tick } from "../parts/form";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { useRefresh } from "../parts/refresh";
import { Empty, FailureNote, Note } from "../parts/status";
import { Table, type Column } from "../parts/table";
import { useSession } from "../session";
import account from "../text/account";
import { useText } from "../text";

const DUTIES: Array<Account["duties"][number]> = [
  "source_steward", "consumer_steward", "operator", "approver", "system_administrator", "security_administrator", "auditor", "collector",
];
const FREEZES = ["organisation", "client", "resource", "gateway"] as const;

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

function Accounts({ accounts, act, invited }: { accounts: Account[]; act: Act; invited(id: string, link: string): void }) {
  const { t, tCode, when } = useText(account);
  const { can } = useSession();
  const { orgName } = useNames();
  const refresh = useRefresh();
  const columns: Array<Column<Account>> = [
    { id: "name", head: t("admin.name"), cell: (a) => <>{a.name}<span className="quiet">{a.id}</span></> },
    { id: "organisation", head: t("admin.organisation"), cell: (a) => orgName(a.organisation) },
    { id: "state", head: t("admin.state"), cell: (a) => <Badge tone={a.state === "active" && !a.locked_until ? "good" : "fair"}>{tCode("account", a.locked_until ? "locked" : a.state)}</Badge> },
    { id: "duties", head: t("admin.duties"), cell: (a) => <Duties account={a} /> },
    { id: "seen", head: t("admin.seen"), cell: (a) => when(a.seen_at) },
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
  return <Table label={t("admin.accounts")} columns={columns} rows={accounts} rowKey={(a) => a.id} />;
}

const LETTERS = 12; // of a key's thumbprint: enough to compare by eye

function Clients({ clients, act }: { clients: Client[]; act: Act }) {
  const { t, tCode } = useText(account);
  const { can } = useSession();
  const { orgName } = useNames();
  const refresh = useRefresh();
  const columns: Array<Column<Client>> = [
    { id: "name", head: t("admin.name"), cell: (c) => <>{c.title}<span className="quiet">{c.id}</span></> },
    { id: "organisation", head: t("admin.organisation"), cell: (c) => orgName(c.organisation) },
    { id: "state", head: t("admin.state"), cell: (c) => <Badge tone={c.state === "active" ? "good" : "fair"}>{tCode("client", c.state)}</Badge> },
    { id: "keys", head: t("admin.keys"), cell: (c) => c.keys.map((k) => <code key={k.kid}>{k.kid.slice(0, LETTERS)}</code>) },
    { id: "do", head: t("admin.do"), cell: (c) => can("client.empower") && (c.state === "active"
      ? <ConfirmDanger text={t("admin.disable")} title={t("admin.disable_ask", { name: c.title })} what={t("admin.disable_client")} act={() => clientEnabled({ id: c.id }, { enabled: false }).then(refresh)} />
      : <button type="button" className="plain" onClick={() => act(() => clientEnabled({ id: c.id }, { enabled: true }))}>{t("admin.enable")}</button>) },
  ];
  return clients.length ? <Table label={t("admin.clients")} columns={columns} rows={clients} rowKey={(c) => c.id} /> : <Empty text={t("admin.no_clients")} />;
}

function Freezes({ act }: { act: Act }) {
  const { t, tCode, when } = useText(account);
  const refresh = useRefresh();
  const { data } = useQuery(freezesListQuery());
  const [asked, ask] = useState<{ new: FreezeNew; form: HTMLFormElement } | null>(null);
  const freeze = async ({ new: it, form }: NonNullable<typeof asked>): Promise<void> => {
    await freezeMake(it);
    form.reset();
    await refresh();
  };
  const columns: Array<Column<Freeze>> = [
    { id: "kind", head: t("admin.freeze_kind"), cell: (f) => <>{tCode("freeze", f.kind)}<span className="quiet">{f.id}</span></> },
    { id: "reason", head: t("admin.reason"), cell: (f) => f.reason },
    { id: "since", head: t("admin.since"), cell: (f) => when(f.made_at) },
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
      {data?.items.length ? <Table label={t("admin.freezes")} columns={columns} rows={data.items} rowKey={(f) => `${f.kind} ${f.id}`} /> : <Empty text={t("admin.no_freezes")} />}
    </section>
  );
}

export default function Admin() {
  const { t } = useText(account);
  const { can } = useSession();
  const refresh = useRefresh();
  const [{ data: accounts }, { data: clients }] = useSuspenseQueries({ queries: [accountsListQuery(), clientsListQuery()] });
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
        <Accounts accounts={accounts.items} act={act} invited={(id, link) => setInvitation({ id, link })} />
      </section>
      <section><h2>{t("admin.clients")}</h2><Clients clients={clients.items} act={act} /></section>
      {can("freeze") && <Freezes act={act} />}
    </Page>
  );
}
