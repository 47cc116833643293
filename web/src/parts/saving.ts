// A list saved as CSV, part by part as the server gives them; meanwhile it is said how far it is.
import { useState } from "react";
import { useText } from "../text";
import { csvOf, saveFile } from "./csv";
import { failureText } from "./status";

const AT_MOST = 50_000; // rows of an export: more than that is for the API

export function useSaving() {
  const { t, num } = useText();
  const [said, say] = useState("");
  return {
    said,
    async save<T>(name: string, heads: string[], parts: AsyncIterable<T[]>, row: (of: T) => string[]): Promise<void> {
      const out: string[][] = [heads];
      try {
        say(t("table.exporting", { n: num(0) }));
        for await (const part of parts) {
          for (const one of part) out.push(row(one));
          say(t("table.exporting", { n: num(out.length - 1) }));
          if (out.length > AT_MOST) break;
        }
        saveFile(`${name}.csv`, csvOf(out), "text/csv;charset=utf-8");
        say("");
      } catch (error) {
        say(failureText(error));
      }
    },
  };
}
