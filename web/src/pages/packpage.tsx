// A page that a pack declares: its blocks in their order.
import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { pagesListQuery } from "#api";
import { Block } from "../parts/pageblocks";
import { Page } from "../parts/page";
import { Empty } from "../parts/status";
import packs from "../text/packs";
import { useText } from "../text";

export default function PackPage() {
  const { pack, page: name } = useParams();
  const { t, pick } = useText(packs);
  const { data } = useSuspenseQuery(pagesListQuery());
  const page = data.items.find((p) => p.pack === pack && p.name === name);
  const back: [string, string] = ["/packs", t("nav.packs")];
  if (!page) return <Page title={t("packpage.gone")} back={back}><Empty text={t("packpage.gone_what")} /></Page>;
  return (
    <Page key={`${pack} ${name}`} title={pick(page.title, page.title_en)} lead={pick(page.description, page.description_en)} back={back} help={t("packpage.help", { pack: page.pack })}>
      {page.blocks.map((b) => <Block key={b.name} page={page} block={b} />)}
    </Page>
  );
}
