// How a subscription stands, in words.
import type { Webhook } from "#api";
import webhook from "../text/webhook";
import { useText } from "../text";
import { Badge } from "./badges";

const TONES: Record<Webhook["state"], string> = { pending: "fair", active: "good", paused: "poor", ended: "quietly" };

export function SubscriptionState({ state }: { state: Webhook["state"] }) {
  const { tCode } = useText(webhook);
  return <Badge tone={TONES[state]}>{tCode("hookstate", state)}</Badge>;
}
