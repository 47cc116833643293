// The items of a resource.
import type { Item } from "#api";
import catalogue from "../text/catalogue";
import { useText } from "../text";
import { Badge, GradeBadge } from "./badges";
import { Table, type Column } from "./table";

function Marks({ item: i }: { item: Item }) {
  const { t, tCode } = useText(catalogue);
  return (
    <span className="badges">
      {i.key !== null && <Badge tone="key">{t("item.key")}</Badge>}
      {i.required && <Badge>{t("item.required")}</Badge>}
      {i.unique && <Badge>{t("item.unique")}</Badge>}
      {i.role && <Badge tone="role">{i.role === "related" && i.relation ? tCode("relation", i.relation) : tCode("role", i.role)}</Badge>}
    </span>
  );
}

export function ItemsTable({ items }: { items: Item[] }) {
  const { t, tCode, pick } = useText(catalogue);
  const format = (i: Item): string =>
    [tCode("type", i.type.replace(/\(.*/, "")), i.type.includes("(") && i.type.replace(/.*(\(.*)/, "$1"), i.length && t("item.length", { n: i.length }), i.unit].filter(Boolean).join(" ");
  const columns: Array<Column<Item>> = [
    { id: "name", head: t("item.name"), cell: (i) => <>{pick(i.title, i.title_en)}<code className="quiet">{i.name}</code></> },
    { id: "element", head: t("item.element"), cell: (i) => <><span>{i.element_code}</span>{i.code_table && <span className="quiet">{i.code_table}</span>}</> },
    { id: "format", head: t("item.format"), cell: format },
    { id: "marks", head: t("item.marks"), cell: (i) => <Marks item={i} /> },
    { id: "grade", head: t("item.grade"), cell: (i) => <GradeBadge grade={i.grade} /> },
  ];
  return <Table label={t("resource.items")} columns={columns} rows={items} rowKey={(i) => i.name} />;
}
