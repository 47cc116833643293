// Programs that call one granted service, complete as they are: src/samples with the grant filled in.
import java from "../samples/Query.java.tmpl?raw";
import c from "../samples/query.c.tmpl?raw";
import python from "../samples/query.py.tmpl?raw";
import curl from "../samples/query.sh.tmpl?raw";

export interface Filled {
  base: string;
  client: string;
  service: string;
  /** What becomes the JSON of the call. */
  body: unknown;
}

/** A text as each language writes it; C, Java and Python take JSON's way. */
const literal = (text: string): string => JSON.stringify(text);
const shell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export const samples = [
  { name: "curl", file: "query.sh", text: curl, quote: shell },
  { name: "Python", file: "query.py", text: python, quote: literal },
  { name: "Java", file: "Query.java", text: java, quote: literal },
  { name: "C", file: "query.c", text: c, quote: literal },
] as const;

export function fillIn({ text, quote }: (typeof samples)[number], { base, client, service, body }: Filled): string {
  const values: { [hole: string]: string } = { BASE: quote(base), CLIENT: quote(client), SERVICE: service, BODY: quote(JSON.stringify(body)) };
  return text.replace(/@([A-Z]+)@/g, (whole, hole: string) => values[hole] ?? whole);
}
