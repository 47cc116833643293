// What organisations and resources are called; asked for once and kept.
import { useQueries, useQuery } from "@tanstack/react-query";
import { organisationsListQuery, resourceShowQuery, type Item, type Organisation, type Resource } from "#api";
import { useText } from "../text";

const KEPT = { staleTime: Infinity, gcTime: Infinity, retry: false } as const;

export interface Names {
  organisations: Organisation[];
  orgName(code: string | null): string;
  resourceTitle(name: string): string;
  itemTitle(resource: string, item: string): string;
  /** What is known of it; undefined until then. */
  item(resource: string, item: string): Item | undefined;
}

/** resources: those whose titles, or whose items' titles, are written.  What is not yet known, or left the catalogue, keeps its code. */
export function useNames(resources: string[] = []): Names {
  const { pick } = useText();
  const organisations = useQuery({ ...organisationsListQuery(), ...KEPT }).data?.items ?? [];
  const wanted = [...new Set(resources)].filter(Boolean).sort();
  const found = useQueries({ queries: wanted.map((name) => ({ ...resourceShowQuery({ name }), ...KEPT })) });
  const known = new Map<string, Resource>(found.flatMap((x) => (x.data ? [[x.data.name, x.data]] : [])));
  const itemOf = (resource: string, item: string): Item | undefined => known.get(resource)?.items.find((x) => x.name === item);
  return {
    organisations,
    orgName: (code) => {
      const o = organisations.find((x) => x.code === code);
      return o ? pick(o.name, o.name_en) : (code ?? "");
    },
    resourceTitle: (name) => pick(known.get(name)?.title ?? name, known.get(name)?.title_en),
    itemTitle: (resource, item) => {
      const i = itemOf(resource, item);
      return pick(i?.title ?? item, i?.title_en);
    },
    item: itemOf,
  };
}
