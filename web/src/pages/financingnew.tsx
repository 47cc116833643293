// A new financing, or a draft that is changed: three steps, then which products fit.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { meEnterpriseQuery, meFinancingAdd, meFinancingChange, meFinancingQuery, meFinancingsQuery, type MeEnterprise } from "#api";
import { ForFirm } from "../parts/acting";
import { DetailList } from "../parts/facts";
import { useAgain } from "../parts/financing-firm";
import { NewFinancing } from "../parts/financing-new";
import { Page } from "../parts/page";
import { Staying } from "../parts/stay";
import { FailureNote } from "../parts/status";
import financing from "../text/financing";
import { useText } from "../text";

const TOLD = ["enterprise_name", "region", "industry_code", "employees", "revenue"];

/** What is known of the firm goes with it: nothing of it is typed again. */
function Known({ firm }: { firm: MeEnterprise }) {
  const { t, pick } = useText(financing);
  const fields = firm.fields.filter((f) => TOLD.includes(f.field));
  return (
    <details>
      <summary>{t("new.known")}</summary>
      <p className="quiet">{t("new.known_lead")}</p>
      <DetailList rows={[...fields.map((f): [string, string | null] => [pick(f.title, f.title_en), f.code_title === null ? f.value : pick(f.code_title, f.code_title_en)]), [t("fin.size"), pick(firm.size.title, firm.size.title_en)]]} />
    </details>
  );
}

function New({ draft }: { draft: string | null }) {
  const navigate = useNavigate();
  const again = useAgain();
  const firm = useQuery({ ...meEnterpriseQuery(), retry: false, staleTime: Infinity }).data;
  const latest = useQuery({ ...meFinancingsQuery({ limit: 1 }), retry: false });
  const id = draft ?? latest.data?.items[0]?.id ?? "";
  const before = useQuery({ ...meFinancingQuery({ id }), enabled: id !== "", retry: false });
  const error = latest.error ?? before.error;
  if (error) return <FailureNote error={error} />;
  if (!latest.data || (id && !before.data)) return null;
  return (
    <>
      <NewFinancing before={draft ? before.data : undefined} like={before.data} send={async (body) => {
        const made = draft ? await meFinancingChange({ id: draft }, body) : await meFinancingAdd(body);
        await again();
        await navigate(`/financing/${made.id}`);
      }} />
      {firm && <Known firm={firm} />}
    </>
  );
}

export default function FinancingNewPage() {
  const { t } = useText(financing);
  const [params] = useSearchParams();
  const draft = params.get("draft");
  return (
    <Staying title={t("new.title")} lead={t("fin.lead")} help={t("fin.help")}>
      {(me, _, rest) => {
        const page = (inner: ReactNode) => <Page slim title={t(draft ? "new.change" : "new.title")} back={["/financing", t("fin.title")]} help={t("fin.help")} actions={rest}>{inner}</Page>;
        return <ForFirm me={me} frame={page}>{(note) => page(<>{note}<New draft={draft} /></>)}</ForFirm>;
      }}
    </Staying>
  );
}
