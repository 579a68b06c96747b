// Links to encrypted rooms: the key is in the fragment, which a browser sends to nobody.

import { base64url, bytesOf } from "./common.js";
import { ChatError } from "./error.js";

const KEY = 32;
const INVITATION = 16;

/** The link to a page, with what whoever opens it needs for the room. */
export function linkOf(page, { key, invitation, passcode }) {
  const url = new URL(page, globalThis.document?.baseURI ?? globalThis.location?.href);
  const own = [`k=${base64url(key)}`, ...(passcode ? ["p"] : []), ...(invitation ? [`j=${base64url(invitation)}`] : [])];
  url.hash = [...othersIn(url.hash), ...own].join("&");
  return url.href;
}

/** Reads a link, its fragment, or a key alone. */
export function readLink(given) {
  const text = String(given).trim();
  const fragment = text.includes("#") ? text.slice(text.indexOf("#") + 1) : text;
  const parts = fragment.includes("=") ? fragment.split("&") : [`k=${fragment}`];
  return {
    key: bytesIn(parts, "k=", KEY, 1),
    invitation: bytesIn(parts, "j=", INVITATION, 0),
    passcode: parts.includes("p"),
  };
}

/**
 * Takes the key out of the page's address, so that it stays in no history, bookmark or screenshot. Null where there is
 * none. It is not checked yet.
 */
export function takeKey() {
  const parts = location.hash.slice(1).split("&");
  if (!parts.some((each) => each.startsWith("k="))) return null;
  const others = othersIn(location.hash).join("&");
  history.replaceState(history.state, "", location.pathname + location.search + (others && `#${others}`));
  return parts.filter(isOurs).join("&");
}

function bytesIn(parts, name, length, atLeast) {
  const found = parts.filter((each) => each.startsWith(name)).map((each) => bytesOf(each.slice(name.length)));
  if (found.length < atLeast || found.length > 1 || found.some((bytes) => bytes?.length !== length)) throw new ChatError("invalid_key");
  return found[0];
}

function othersIn(hash) {
  return hash.slice(1).split("&").filter((each) => each !== "" && !isOurs(each));
}

function isOurs(part) {
  return part === "p" || part.startsWith("k=") || part.startsWith("j=");
}
