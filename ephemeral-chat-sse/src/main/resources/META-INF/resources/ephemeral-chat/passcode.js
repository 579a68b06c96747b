import { base64url } from "./common.js";
import { ChatError } from "./error.js";

const MAX = 128;
const ITERATIONS = 600_000;
const SALT = "ec1 plain passcode";

/** Browsers have WebCrypto on https and on localhost only. */
export function canStretch() {
  return globalThis.crypto?.subtle !== undefined;
}

/** What a room asks for in a passcode's place. It takes some tenths of a second, so that guessing takes long. */
export async function proofOf(passcode) {
  if (!canStretch()) throw new ChatError("insecure_origin");
  if (typeof passcode !== "string" || passcode === "" || [...passcode].length > MAX) throw new ChatError("invalid_passcode");
  const utf8 = (text) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey("raw", utf8(passcode.normalize("NFKC")), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: utf8(SALT), iterations: ITERATIONS };
  return base64url(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)));
}

/** The options with the passcode's proof in its place, where there is one. */
export async function withProof({ passcode, ...options }) {
  if (passcode === undefined) return options;
  return { ...options, proof: passcode === null ? null : await proofOf(passcode) };
}
