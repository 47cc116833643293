// Who is signed in, and what they may do.  The server decides; this only spares people what they would be refused.
import { sessionClose, sessionOpen, sessionShow, type Session } from "#api";
import { ApiFailure } from "#send";

let current: Session | null = null;

export const who = (): Session | null => current;
export const can = (permission: string): boolean => current?.permissions.includes(permission) ?? false;

export async function recall(): Promise<void> {
  try {
    current = await sessionShow();
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    current = null;
  }
}

export async function signIn(account: string, password: string): Promise<void> {
  current = await sessionOpen({ account, password });
}

export async function signOut(): Promise<void> {
  await sessionClose();
  current = null;
}

export function forget(): void {
  current = null;
}
