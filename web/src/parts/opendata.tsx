// What anybody may have of a resource: a first look, files, the address for programs, the licence.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { openDataUrl, openPreviewQuery, openPreviewUrl, type Item, type OpenPreview } from "#api";
import open from "../text/open";
import { useText } from "../text";
import { Icon } from "./icon";
import { Empty, FailureNote } from "./status";
import { Table, type Column } from "./table";

const ROWS = 20;

type Row = OpenPreview["rows"][number];

function PreviewTable({ preview, items }: { preview: OpenPreview; items: Item[] }) {
  const { t, pick, num } = useText(open);
  const written = (v: Row[string] | undefined): string => {
    if (v === null || v === undefined) return "–";
    if (typeof v === "object") return pick(v.title, v.title_en) || v.code;
    if (typeof v === "boolean") return t(v ? "yes" : "no");
    return String(v);
  };
  const columns = preview.items.map((name): Column<{ at: number; row: Row }> => {
    const item = items.find((i) => i.name === name);
    return { id: name, head: pick(item?.title ?? name, item?.title_en), cell: ({ row }) => written(row[name]) };
  });
  if (!preview.rows.length) return <Empty text={t("open.no_rows")} />;
  return <Table label={t("open.preview", { n: num(preview.rows.length) })} columns={columns} rows={preview.rows.map((row, at) => ({ at, row }))} rowKey={(r) => String(r.at)} />;
}

/** The licence by the name that its address carries: .../licenses/by/4.0/ is "by 4.0". */
export const Licence = ({ address }: { address: string }) => <a href={address} rel="license noreferrer">{address.replace(/^https?:\/\//, "").replace(/\/$/, "")}</a>;

export function Downloads({ name }: { name: string }) {
  const { t } = useText(open);
  return (
    <span className="buttons">
      <a className="button" href={openDataUrl({ name, format: "csv" })} download><Icon name="download" />{t("open.csv")}</a>
      <a className="plain button-like" href={openDataUrl({ name, format: "jsonl" })} download><Icon name="download" />{t("open.jsonl")}</a>
    </span>
  );
}

export function OpenData({ name, items }: { name: string; items: Item[] }) {
  const { t, num } = useText(open);
  const [shown, setShown] = useState(false);
  const { data, error } = useQuery({ ...openPreviewQuery({ name, limit: ROWS }), enabled: shown });
  return (
    <section>
      <h2>{t("open.data")}</h2>
      <div className="panel">
        <Downloads name={name} />
        <details onToggle={(e) => e.currentTarget.open && setShown(true)}>
          <summary>{t("open.preview_show")}</summary>
          {error && <FailureNote error={error} />}
          {data && (
            <>
              <PreviewTable preview={data} items={items} />
              {data.left_out > 0 && <p className="quiet">{t("open.left_out", { n: num(data.left_out) })}</p>}
              <p className="quiet">{t("open.licence")} <Licence address={data.licence} /></p>
            </>
          )}
        </details>
        <p className="quiet">{t("open.api")} <code>GET {openPreviewUrl({ name })}</code></p>
      </div>
    </section>
  );
}
