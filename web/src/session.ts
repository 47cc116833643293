// Who is signed in, and what they may do.  The server decides; this only spares people what they would be refused.
import { queryOptions, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { sessionChallenge, sessionClose, sessionOpen, sessionPasskey, sessionShow, type PasskeyAssertion, type PasskeyRequest, type Session } from "#api";
import { ApiFailure } from "#send";

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await sessionShow();
    } catch (error) {
      if (error instanceof ApiFailure) return null;
      throw error;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

export function useSession() {
  const client = useQueryClient();
  const { data: session } = useSuspenseQuery(sessionQuery);
  /** What the last person saw is not shown to the next. */
  const become = (next: Session | null): void => {
    client.removeQueries({ predicate: (q) => q.queryKey[0] !== "session" });
    client.setQueryData(sessionQuery.queryKey, next);
  };
  return {
    session,
    can: (permission: string): boolean => session?.permissions.includes(permission) ?? false,
    signIn: async (account: string, password: string): Promise<void> => become(await sessionOpen({ account, password })),
    /** sign: asks the device; the passkey itself says whose it is. */
    signInWith: async (sign: (wanted: PasskeyRequest) => Promise<PasskeyAssertion>): Promise<void> =>
      become(await sessionPasskey(await sign((await sessionChallenge()).publicKey))),
    signOut: async (): Promise<void> => {
      await sessionClose();
      if ("indexedDB" in globalThis) indexedDB.deleteDatabase("luling-collect"); // what the collection page kept (collect/store.ts)
      become(null);
    },
    /** The server no longer knows the session. */
    forget: (): void => become(null),
  };
}
