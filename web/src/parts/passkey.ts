// Passkeys: what the server asks and what it is given are JSON (WebAuthn Level 3); the browser wants bytes.
import type { PasskeyAssertion, PasskeyCreation, PasskeyRegistration, PasskeyRequest } from "#api";
import consent from "../text/consent";
import { words } from "../text";
import { Told } from "./status";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

function text(buffer: ArrayBuffer): string {
  let raw = "";
  for (const b of new Uint8Array(buffer)) raw += String.fromCharCode(b);
  return btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export const passkeysWork = (): boolean => typeof PublicKeyCredential !== "undefined" && "credentials" in navigator;

/** A passkey that is refused, taken away or already there is no fault of the page. */
async function ask(work: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const found = await work();
    if (found) return found as PublicKeyCredential;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new Told(words(consent).t(error.name === "InvalidStateError" ? "passkey.there" : "passkey.cancelled"));
  }
  throw new Told(words(consent).t("passkey.cancelled"));
}

const refs = (list: PasskeyRequest["allowCredentials"]): PublicKeyCredentialDescriptor[] => list.map((x) => ({ type: "public-key", id: bytes(x.id) }));

export async function signWithPasskey(wanted: PasskeyRequest): Promise<PasskeyAssertion> {
  const found = await ask(() => navigator.credentials.get({
    publicKey: { challenge: bytes(wanted.challenge), timeout: wanted.timeout, rpId: wanted.rpId, userVerification: "required", allowCredentials: refs(wanted.allowCredentials) },
  }));
  const r = found.response as AuthenticatorAssertionResponse;
  return {
    id: found.id, rawId: text(found.rawId), type: "public-key", authenticatorAttachment: found.authenticatorAttachment, clientExtensionResults: {},
    response: { clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: r.userHandle && text(r.userHandle) },
  };
}

export async function makePasskey(wanted: PasskeyCreation): Promise<PasskeyRegistration> {
  const made = await ask(() => navigator.credentials.create({
    publicKey: {
      rp: wanted.rp, user: { ...wanted.user, id: bytes(wanted.user.id) }, challenge: bytes(wanted.challenge), timeout: wanted.timeout, attestation: "none",
      pubKeyCredParams: wanted.pubKeyCredParams, excludeCredentials: refs(wanted.excludeCredentials),
      // An account's passkey is found without a name being typed, so it must lie on the device; the server says which is wanted.
      authenticatorSelection: { residentKey: wanted.authenticatorSelection.residentKey as ResidentKeyRequirement, userVerification: "required" },
    },
  }));
  const r = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id, rawId: text(made.rawId), type: "public-key", authenticatorAttachment: made.authenticatorAttachment, clientExtensionResults: {},
    response: { clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject) },
  };
}
