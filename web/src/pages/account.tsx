// One's own account: its passkeys, its password, this sign-in.
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { passkeyAdd, passkeyOptions, passkeyRemove, passkeyRename, passkeysListQuery, sessionEnd, sessionPassword, sessionsListQuery, type AccountPasskey, type AccountPasskeys } from "#api";
import { Badge } from "../parts/badges";
import { ConfirmDanger } from "../parts/confirm";
import { DetailList } from "../parts/facts";
import { Field, Form } from "../parts/form";
import { useNames } from "../parts/names";
import { Page } from "../parts/page";
import { makePasskey, passkeysWork } from "../parts/passkey";
import { Empty, Note, Told } from "../parts/status";
import { useSession } from "../session";
import { deviceOf } from "../parts/device";
import approval from "../text/approval";
import { useText } from "../text";

const NAME_MAX = 64;
const PASSWORD_MAX = 128;

type Changed = (list: AccountPasskeys) => void;

function Key({ passkey: k, changed }: { passkey: AccountPasskey; changed: Changed }) {
  const { t, when } = useText(approval);
  return (
    <li className="panel">
      <h3>{k.name}</h3>
      <p className="badges"><Badge>{t(k.synced ? "own.synced" : "own.bound")}</Badge></p>
      <p className="quiet">{t("own.made", { at: when(k.made_at) })} · {k.used_at ? t("own.used", { at: when(k.used_at) }) : t("own.unused")}</p>
      {k.warned_at && <p className="bad">{t("own.warned", { at: when(k.warned_at) })}</p>}
      <details>
        <summary>{t("own.rename")}</summary>
        <Form submit={t("own.rename_go")} act={async (value, form) => {
          changed(await passkeyRename({ key: k.id }, { name: value(`name-${k.id}`) }));
          form.closest("details")?.removeAttribute("open");
        }}>
          <Field id={`name-${k.id}`} label={t("own.name")} defaultValue={k.name} maxLength={NAME_MAX} autoComplete="off" />
        </Form>
      </details>
      <p className="buttons">
        <ConfirmDanger text={t("own.remove")} title={t("own.remove_ask", { name: k.name })} what={t("own.remove_what")} act={async () => changed(await passkeyRemove({ key: k.id }))} />
      </p>
    </li>
  );
}

function AddKey({ added }: { added(key: AccountPasskey): void }) {
  const { t } = useText(approval);
  if (!passkeysWork()) return <Note tone="ask"><p>{t("own.unable")}</p></Note>;
  return (
    <details>
      <summary>{t("own.add")}</summary>
      <Form submit={t("own.add_go")} act={async (value, form) => {
        const password = String(new FormData(form).get("key-password"));
        const { publicKey } = await passkeyOptions(password ? { password } : {});
        added(await passkeyAdd({ ...(await makePasskey(publicKey)), name: value("key-name") }));
        form.reset();
        form.closest("details")?.removeAttribute("open");
      }}>
        <Field id="key-name" label={t("own.name")} hint={t("own.name_hint")} maxLength={NAME_MAX} autoComplete="off" />
        <Field id="key-password" label={t("own.password")} hint={t("own.password_hint")} type="password" required={false} maxLength={PASSWORD_MAX} autoComplete="current-password" />
      </Form>
    </details>
  );
}

function Keys() {
  const { t } = useText(approval);
  const client = useQueryClient();
  const ask = passkeysListQuery();
  const { data } = useSuspenseQuery(ask);
  const [added, setAdded] = useState<string | null>(null);
  const changed: Changed = (list) => client.setQueryData(ask.queryKey, list);
  return (
    <section>
      <h2>{t("own.keys")}</h2>
      {added && <Note tone="fine" role="status"><p>{t("own.added", { name: added })}</p></Note>}
      {data.items.length ? <ul className="candidates">{data.items.map((k) => <Key key={k.id} passkey={k} changed={changed} />)}</ul> : <Empty text={t("own.none")} />}
      <AddKey added={(k) => { setAdded(k.name); changed({ items: [...data.items, k] }); }} />
    </section>
  );
}

function Sessions() {
  const { t, when } = useText(approval);
  const client = useQueryClient();
  const ask = sessionsListQuery();
  const { data } = useSuspenseQuery(ask);
  return (
    <section>
      <h2>{t("own.sessions")}</h2>
      <ul className="candidates sessions">
        {data.items.map((s) => {
          const where = deviceOf(s.agent) ?? t("own.unknown");
          return (
            <li key={s.id} className="panel">
              <h3>{where}{s.current && <Badge tone="good">{t("own.here")}</Badge>}</h3>
              <p className="quiet">{[t("own.seen", { at: when(s.seen_at) }), t("own.since", { at: when(s.made_at) }), s.remote].filter(Boolean).join(" · ")}</p>
              {!s.current && <p className="buttons"><ConfirmDanger text={t("own.end")} title={t("own.end_ask", { where })} what={t("own.end_what")} act={async () => client.setQueryData(ask.queryKey, await sessionEnd({ session: s.id }))} /></p>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Password() {
  const { t } = useText(approval);
  const { forget } = useSession();
  const navigate = useNavigate();
  return (
    <section>
      <h2>{t("own.change")}</h2>
      <Form submit={t("own.change_go")} act={async (_, form) => {
        const data = new FormData(form);
        if (data.get("new-password") !== data.get("again-password")) throw new Told(t("own.differ"));
        await sessionPassword({ old: String(data.get("old-password")), new: String(data.get("new-password")) });
        await navigate("/signin?changed=1"); // every session has ended, this one too
        forget();
      }}>
        <Field id="old-password" label={t("own.old")} type="password" maxLength={PASSWORD_MAX} autoComplete="current-password" />
        <Field id="new-password" label={t("own.new")} hint={t("own.new_hint")} type="password" minLength={10} maxLength={PASSWORD_MAX} autoComplete="new-password" />
        <Field id="again-password" label={t("own.again")} type="password" minLength={10} maxLength={PASSWORD_MAX} autoComplete="new-password" />
      </Form>
    </section>
  );
}

export default function AccountPage() {
  const { t, tCode, listed } = useText(approval);
  const { session, signOut } = useSession();
  const { orgName } = useNames();
  const navigate = useNavigate();
  return (
    <Page slim title={t("own.title")} lead={t("own.lead")} help={t("own.help")}>
      {session && (
        <section className="panel">
          <DetailList rows={[[t("own.account"), `${session.name} (${session.account})`], [t("own.organisation"), orgName(session.organisation)], [t("own.duties"), listed(session.duties.map((d) => tCode("duty", d)))]]} />
        </section>
      )}
      <Keys />
      <Sessions />
      <Password />
      <section>
        <h2>{t("own.session")}</h2>
        <p className="quiet">{t("own.session_what")}</p>
        <p className="buttons"><button type="button" className="plain" onClick={() => void Promise.resolve(navigate("/")).then(signOut)}>{t("nav.signout")}</button></p>
      </section>
    </Page>
  );
}
