// The format of encrypted rooms, as docs/ENCRYPTION.md has it byte by byte: keys, and strings that are sealed with them.

import { base64url, bytesOf, utf8 } from "./common.js";
import { stretched } from "./passcode.js";

const PREFIX = "ec1.";
const VERSION = 1;
const NONCE = 12;
const COMMITMENT = 32;
const GCM_TAG = 16;
const LENGTH = 4;
const STEP = 64;
const LONG = 1_024;
const LONG_STEP = 256;
const TAG = 16;
const NOTHING = new Uint8Array(0);

/** The room's secret: of its link's key alone, or of both where it has a passcode. */
export async function secretOf(linkKey, passcode) {
  if (passcode === undefined) return linkKey;
  const both = joined(linkKey, await stretched(passcode, linkKey));
  return derived(await source(both), NOTHING, "ec1 secret");
}

/** What whoever takes a seat shows to the server; another one for each invitation. */
export async function proofOf(secret, invitation = NOTHING) {
  return base64url(await derived(await source(secret), invitation, "ec1 join"));
}

/** The key of what is said in a room; without a code of what may be sealed before there is one. */
export async function keyOf(secret, code = "") {
  return source(await derived(await source(secret), utf8(code), "ec1 room"));
}

/**
 * Seals bytes for one place only.
 *
 * @param place the purpose, and what there is of room, sender and id
 * @param nonce never the same twice: given by tests alone
 */
export async function seal(key, place, plaintext, nonce = crypto.getRandomValues(new Uint8Array(NONCE))) {
  const bound = boundTo(place);
  const [commitment, ciphertext] = await Promise.all([
    commitmentKey(key, nonce, "sign").then((committing) => crypto.subtle.sign("HMAC", committing, bound)),
    messageKey(key, nonce, place.purpose, "encrypt").then((own) => crypto.subtle.encrypt(gcm(nonce, bound), own, padded(plaintext))),
  ]);
  return PREFIX + base64url(joined(Uint8Array.of(VERSION), nonce, new Uint8Array(commitment), new Uint8Array(ciphertext)));
}

/** The bytes that were sealed with that key for that place; null for anything else. */
export async function open(key, place, sealed) {
  const bytes = typeof sealed === "string" && sealed.startsWith(PREFIX) ? bytesOf(sealed.slice(PREFIX.length)) : null;
  const head = 1 + NONCE + COMMITMENT;
  if (bytes === null || bytes.length < head + STEP + GCM_TAG || bytes[0] !== VERSION) return null;
  const nonce = bytes.subarray(1, 1 + NONCE);
  const bound = boundTo(place);
  // First: a ciphertext alone may open under several keys.
  const committing = await commitmentKey(key, nonce, "verify");
  if (!(await crypto.subtle.verify("HMAC", committing, bytes.subarray(1 + NONCE, head), bound))) return null;
  const own = await messageKey(key, nonce, place.purpose, "decrypt");
  const plain = await crypto.subtle.decrypt(gcm(nonce, bound), own, bytes.subarray(head)).catch(() => null);
  return plain && unpadded(new Uint8Array(plain));
}

/** A text of a seat, which has a tag of its own. */
export function tagged(tag, text) {
  return joined(tag, utf8(text));
}

/** The tag (base64url) and the text; null where there is no tag, or no text in UTF-8. */
export function untagged(plaintext) {
  const text = plaintext.length < TAG ? null : textOf(plaintext.subarray(TAG));
  return text === null ? null : { tag: base64url(plaintext.subarray(0, TAG)), text };
}

export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function source(bytes) {
  return crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits", "deriveKey"]);
}

function hkdf(salt, info) {
  return { name: "HKDF", hash: "SHA-256", salt, info: utf8(info) };
}

async function derived(key, salt, info) {
  return new Uint8Array(await crypto.subtle.deriveBits(hkdf(salt, info), key, 256));
}

function commitmentKey(key, nonce, use) {
  return crypto.subtle.deriveKey(hkdf(nonce, "ec1 commit"), key, { name: "HMAC", hash: "SHA-256", length: 256 }, false, [use]);
}

function messageKey(key, nonce, purpose, use) {
  return crypto.subtle.deriveKey(hkdf(nonce, `ec1 ${purpose}`), key, { name: "AES-GCM", length: 256 }, false, [use]);
}

function gcm(nonce, bound) {
  return { name: "AES-GCM", iv: nonce, additionalData: bound };
}

function boundTo({ purpose, room = "", sender = "", id = "" }) {
  return joined(...[purpose, room, sender, id].map(utf8).flatMap((part) => [bigEndian(part.length), part]));
}

function padded(plaintext) {
  const length = LENGTH + plaintext.length;
  const step = length > LONG ? LONG_STEP : STEP;
  const bytes = new Uint8Array(Math.ceil(length / step) * step);
  bytes.set(bigEndian(plaintext.length));
  bytes.set(plaintext, LENGTH);
  return bytes;
}

/** Null where it is not exactly what padded() makes of some plaintext. */
function unpadded(bytes) {
  const plaintext = bytes.subarray(LENGTH, LENGTH + new DataView(bytes.buffer).getUint32(0));
  const again = padded(plaintext);
  return again.length === bytes.length && again.every((byte, i) => byte === bytes[i]) ? plaintext : null;
}

function bigEndian(number) {
  const bytes = new Uint8Array(LENGTH);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
