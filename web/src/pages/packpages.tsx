// The pages that packs contribute, of those that whoever is signed in may see.
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import { pagesListQuery } from "#api";
import { Badge } from "../parts/badges";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import packs from "../text/packs";
import { useText } from "../text";

export default function PackPages() {
  const { t, pick } = useText(packs);
  const { data } = useSuspenseQuery(pagesListQuery());
  return (
    <Page title={t("nav.packs")} lead={t("packpages.lead")} help={t("packpages.help")}>
      {data.items.length === 0 ? <Empty text={t("packpages.none")} /> : (
        <ul className="cards">
          {data.items.map((p) => (
            <li key={`${p.pack} ${p.name}`}>
              <article className="card">
                <h2><Link to={`/packs/${p.pack}/${p.name}`}>{pick(p.title, p.title_en)}</Link></h2>
                <p className="provider">{p.pack}</p>
                <p className="summary">{pick(p.description, p.description_en)}</p>
                <p className="badges">{p.blocks.map((b) => <Badge key={b.name}>{pick(b.title, b.title_en)}</Badge>)}</p>
              </article>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
