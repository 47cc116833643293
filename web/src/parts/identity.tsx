// What an identifier says, part by part.
import type { Identity } from "#api";
import subject from "../text/subject";
import { useText } from "../text";
import { Badge } from "./badges";

export function IdentityParts({ identity: id }: { identity: Identity }) {
  const { t, tCode, pick } = useText(subject);
  return (
    <section className="panel identity">
      <h2>{pick(id.title, id.title_en)} <code>{id.canonical}</code></h2>
      <p className="badges"><Badge tone={id.valid ? "good" : "poor"}>{t(id.valid ? "identity.valid" : "identity.invalid")}</Badge>{id.kind && <Badge>{tCode("kind", id.kind)}</Badge>}</p>
      {!id.valid && <p className="bad">{pick(id.fault_zh, id.fault_en)}</p>}
      <ol className="parts">
        {id.parts.map((p, at) => <li key={at}><code>{p.value}</code><span>{pick(p.zh, p.en)}</span><span className="quiet">{pick(p.meaning_zh, p.meaning_en)}</span></li>)}
      </ol>
    </section>
  );
}
