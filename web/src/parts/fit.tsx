// How many firms a product or a policy fits and where, for who works with the data: numbers, never names, and none that would tell who.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { financePolicyFitQuery, financeProductFitQuery, type ProductFit } from "#api";
import products from "../text/products";
import { useText } from "../text";
import { Chart } from "./chart";
import { Figures } from "./facts";
import { FailureNote, Note } from "./status";

const ROW_REM = 1.6, HEAD_REM = 3;
const KINDS = ["fit", "near", "open", "far"] as const;

type Counts = Omit<ProductFit, "product">;

function Counties({ fit }: { fit: Counts }) {
  const { t, pick, num } = useText(products);
  const drawn = useMemo(() => {
    const name = (c: Counts["counties"][number]): string => (c.title ? pick(c.title, c.title_en ?? c.title) : c.code || t("fit.nowhere"));
    const told = fit.counties.filter((c) => c.fit !== 0).sort((a, b) => (b.fit ?? 0) - (a.fit ?? 0) || a.code.localeCompare(b.code));
    const shown = told.filter((c) => c.fit !== null).reverse();
    return {
      many: shown.length,
      option: {
        grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
        xAxis: { type: "value" as const, minInterval: 1 },
        yAxis: { type: "category" as const, data: shown.map(name) },
        series: [{ type: "bar" as const, label: { show: true, position: "right" as const }, data: shown.map((c) => c.fit) }],
      },
      heads: [t("fit.county"), t("fit.fit")],
      rows: told.map((c): Array<string | number> => [name(c), c.fit ?? t("fit.few", { n: num(fit.least) })]),
    };
  }, [fit, t, pick, num]);
  const { many, ...chart } = drawn;
  return chart.rows.length > 0 && <Chart title={t("fit.counties")} rem={many * ROW_REM + HEAD_REM} {...chart} />;
}

export function Fit({ code, policy = false }: { code: string; policy?: boolean }) {
  const { t, num, day } = useText(products);
  const ofProduct = useQuery({ ...financeProductFitQuery({ code }), retry: false, enabled: !policy }), ofPolicy = useQuery({ ...financePolicyFitQuery({ code }), retry: false, enabled: policy });
  const fit: Counts | undefined = (policy ? ofPolicy : ofProduct).data, { error } = policy ? ofPolicy : ofProduct;
  if (error) return <FailureNote error={error} />;
  if (!fit) return <p className="quiet" role="status">{t("status.loading")}</p>;
  return (
    <div className="panel spaced">
      <Figures rows={KINDS.map((k): [string, string] => [t(`fit.${k}`), fit[k] === null ? t("fit.few", { n: num(fit.least) }) : num(fit[k])])} />
      <Counties fit={fit} />
      <Note><p>{t("fit.note", { firms: num(fit.firms), day: day(fit.as_of), n: num(fit.least) })}</p></Note>
    </div>
  );
}
