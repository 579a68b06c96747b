import { base64url, utf8 } from "./common.js";
import { ChatError } from "./error.js";

const MAX = 128;
const ITERATIONS = 600_000;
const SALT = "ec1 plain passcode";

/** Browsers have WebCrypto on https and on localhost only. */
export function canStretch() {
  return globalThis.crypto?.subtle !== undefined;
}

/** 32 bytes of a passcode. It takes some tenths of a second, so that guessing takes long. */
export async function stretched(passcode, salt) {
  if (!canStretch()) throw new ChatError("insecure_origin");
  if (typeof passcode !== "string" || passcode === "" || [...passcode].length > MAX) throw new ChatError("invalid_passcode");
  const key = await crypto.subtle.importKey("raw", utf8(passcode.normalize("NFKC")), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}

/** The options of a plain room with the passcode's proof in its place, where there is one. */
export async function withProof({ passcode, ...options }) {
  if (passcode === undefined) return options;
  return { ...options, proof: passcode === null ? null : base64url(await stretched(passcode, utf8(SALT))) };
}
