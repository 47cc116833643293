// A passkey in software: what an authenticator and a browser do between them, in the JSON that browsers send (WebAuthn Level 3).
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const b64 = (bytes) => Buffer.from(bytes).toString("base64url");

const head = (major, n) => (n < 24 ? Buffer.from([(major << 5) | n]) : n < 256 ? Buffer.from([(major << 5) | 24, n]) : Buffer.from([(major << 5) | 25, n >> 8, n & 255]));
function cbor(v) {
  if (typeof v === "number") return v < 0 ? head(1, -1 - v) : head(0, v);
  if (typeof v === "string") return Buffer.concat([head(3, Buffer.byteLength(v)), Buffer.from(v)]);
  if (v instanceof Uint8Array) return Buffer.concat([head(2, v.length), v]);
  return Buffer.concat([head(5, v.size), ...[...v].flatMap(([k, x]) => [cbor(k), cbor(x)])]);
}

export class Passkey {
  constructor(origin) {
    this.origin = origin;
    this.rp = new URL(origin).hostname;
    this.count = 0;
    this.id = randomBytes(16);
    Object.assign(this, generateKeyPairSync("ec", { namedCurve: "P-256" }));
    const { x, y } = this.publicKey.export({ format: "jwk" });
    this.cose = cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, "base64url")], [-3, Buffer.from(y, "base64url")]]));
  }

  #clientData(type, challenge, origin) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #authData(flags, attested) {
    const tail = Buffer.alloc(5);
    tail[0] = flags | (attested ? 0x40 : 0);
    tail.writeUInt32BE(++this.count, 1);
    return Buffer.concat([sha256(this.rp), tail, ...(attested ? [Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, this.cose] : [])]);
  }

  #credential(response) {
    return { id: b64(this.id), rawId: b64(this.id), type: "public-key", authenticatorAttachment: "platform", clientExtensionResults: {}, response };
  }

  /** navigator.credentials.create({ publicKey }).toJSON() */
  create(publicKey, { origin = this.origin, flags = 0x05, challenge = publicKey.challenge } = {}) {
    const attestation = cbor(new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", this.#authData(flags, true)]]));
    return this.#credential({ clientDataJSON: b64(this.#clientData("webauthn.create", challenge, origin)), attestationObject: b64(attestation), transports: ["internal"] });
  }

  /** navigator.credentials.get({ publicKey }).toJSON() */
  get(publicKey, { origin = this.origin, flags = 0x05, challenge = publicKey.challenge } = {}) {
    const clientData = this.#clientData("webauthn.get", challenge, origin);
    const authData = this.#authData(flags, false);
    const signature = createSign("sha256").update(authData).update(sha256(clientData)).sign(this.privateKey);
    return this.#credential({ clientDataJSON: b64(clientData), authenticatorData: b64(authData), signature: b64(signature), userHandle: null });
  }
}
