// Which state: of a list of matters that go through steps.  The server names the states.
import { useQuery } from "@tanstack/react-query";
import { flowShowQuery } from "#api";
import share from "../text/share";
import { useText } from "../text";
import type { ListState } from "./list";
import { Filter } from "./table";

export function FlowFilter({ list, flow }: { list: ListState; flow: "demand" | "application" | "grant" | "objection" | "repair" | "listing" | "anomaly" | "delay" | "institution" | "product" | "policy" | "complaint" }) {
  const { t, pick } = useText(share);
  const { data } = useQuery({ ...flowShowQuery({ flow }), staleTime: Infinity });
  return <Filter list={list} name="state" label={t("flow.state")} all={t("flow.any")} options={(data?.states ?? []).map((s) => [s.state, pick(s.state_title, s.state_title_en)])} />;
}
