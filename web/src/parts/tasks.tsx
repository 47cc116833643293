// What waits, the most urgent first: each row leads to where it is done.
import { Link } from "react-router";
import type { Task } from "#api";
import ops from "../text/ops";
import { useText, type Words } from "../text";
import { Badge } from "./badges";
import type { Names } from "./names";
import type { Column } from "./table";

const SOON = 2; // working days: this and less is marked

export const KINDS = ["delivery", "quarantine", "application", "demand", "objection", "repair", "grant", "campaign", "institution", "product", "policy", "loan_case", "complaint"] as const;

const places: Record<Task["kind"], (id: string) => string> = {
  delivery: (id) => `/deliveries/${id}`,
  quarantine: (id) => `/quality/${id}`,
  application: (id) => `/decide/${id}`,
  demand: (id) => `/demands/${id}`,
  objection: (id) => `/objections/${id}`,
  repair: (id) => `/repairs/${id}`,
  grant: (id) => `/grants/${id}`,
  campaign: (id) => `/campaigns?campaign=${id}`,
  institution: (id) => `/institutions/${id}`,
  product: (id) => `/my-products/${id}`,
  policy: (id) => `/my-policies/${id}`,
  loan_case: (id) => `/financing-desk/${id}`,
  complaint: (id) => `/complaints/${id}`,
};

export const taskPlace = (task: Task): string => places[task.kind](encodeURIComponent(task.id));

/** How long it may still take, in words and not by its colour alone. */
export function Due({ task }: { task: Task }) {
  const { t, num, day } = useText(ops);
  if (!task.due_at || task.working_days === null) return <span className="quiet">{t("task.no_limit")}</span>;
  const late = task.overdue;
  return (
    <>
      <Badge tone={late ? "poor" : task.working_days <= SOON ? "fair" : "good"}>{late ? t("task.late", { n: num(Math.abs(task.working_days)) }) : t("task.left", { n: num(task.working_days) })}</Badge>
      <span className="quiet">{day(task.due_at)}</span>
    </>
  );
}

export function taskColumns({ t, tCode, pick, num, day }: Words<"task.what" | "task.kind" | "task.state" | "task.due" | "task.since" | "task.who" | "task.rows">, { orgName }: Names): Array<Column<Task>> {
  const what = (x: Task): string => (x.kind === "quarantine" ? t("task.rows", { title: pick(x.title, x.title_en), n: num(x.count) }) : pick(x.title, x.title_en));
  return [
    { id: "what", head: t("task.what"), text: what, cell: (x) => <><Link to={taskPlace(x)}>{what(x)}</Link><span className="quiet">{x.kind === "quarantine" ? x.resource : x.id}</span></> },
    { id: "kind", head: t("task.kind"), text: (x) => tCode("taskkind", x.kind), cell: (x) => tCode("taskkind", x.kind) },
    { id: "state", head: t("task.state"), text: (x) => pick(x.state_title, x.state_title_en), cell: (x) => pick(x.state_title, x.state_title_en) },
    { id: "due", head: t("task.due"), text: (x) => x.due_at, cell: (x) => <Due task={x} /> },
    { id: "who", head: t("task.who"), text: (x) => orgName(x.organisation ?? x.provider), cell: (x) => orgName(x.organisation ?? x.provider) },
    { id: "since", head: t("task.since"), text: (x) => x.since, cell: (x) => day(x.since), extra: true },
  ];
}
