// What organisations and resources are called; asked for once.
import { organisationsList, resourceShow, type Organisation, type Resource } from "#api";
import { ApiFailure } from "#send";
import { pick } from "../text";

let organisations: Promise<Map<string, Organisation>> | null = null;
let known = new Map<string, Organisation>();
const resources = new Map<string, Resource>();

async function learn(name: string): Promise<void> {
  try {
    resources.set(name, await resourceShow({ name }));
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error; // one that left the catalogue keeps its name
  }
}

/** Before drawing what names these resources. */
export async function needNames(names: string[]): Promise<void> {
  organisations ??= organisationsList().then((x) => new Map(x.items.map((o) => [o.code, o])));
  known = await organisations;
  await Promise.all([...new Set(names)].filter((n) => n && !resources.has(n)).map(learn));
}

export const everyOrganisation = (): Organisation[] => [...known.values()];
export const orgName = (code: string | null): string => (code ? pick(known.get(code)?.name ?? code, known.get(code)?.name_en) : "");
export const resourceTitle = (name: string): string => pick(resources.get(name)?.title ?? name, resources.get(name)?.title_en);
export const itemTitle = (resource: string, item: string): string => {
  const found = resources.get(resource)?.items.find((i) => i.name === item);
  return pick(found?.title ?? item, found?.title_en);
};
