// After something was changed: what is shown is asked for again.
import { useQueryClient } from "@tanstack/react-query";

export function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== "session" });
}
