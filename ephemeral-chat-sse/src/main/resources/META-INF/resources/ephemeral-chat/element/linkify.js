import { el } from "./dom.js";

// Stops at white space, quotes, angle brackets, and the marks that end sentences in other scripts; what follows a sentence
// is trimmed below.
const LINK = /\bhttps?:\/\/[^\s<>"'`\u00ab\u00bb\u2018-\u201f\u2026\u2039\u203a\u3001\u3002\u3008-\u3011\u3014-\u301f\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3b\uff3d]+/giu;
const TAIL = new Set(".,;:!?]}*_~");

/** The text as nodes: plain text, with http and https addresses as links. Joined together it is exactly the text. */
export function linkified(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const address = withoutTail(match[0]);
    if (!isWebAddress(address)) continue;
    nodes.push(text.slice(done, match.index), anchor(address));
    done = match.index + address.length;
  }
  nodes.push(text.slice(done));
  return nodes.filter((node) => node !== "");
}

/** In as many steps as there are characters: a text may be made to take long. */
function withoutTail(address) {
  // A closing bracket belongs to the address only if it was opened in it.
  let unopened = address.split(")").length - address.split("(").length;
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1];
    if (last === ")" && unopened > 0) unopened--;
    else if (!TAIL.has(last)) break;
  }
  return address.slice(0, end);
}

/** Whether the link leads where it seems to lead: to the host that stands in it, letter by letter. */
function isWebAddress(address) {
  // Invisible characters and those that turn the direction.
  if (/[\p{C}\p{Z}]/u.test(address)) return false;
  try {
    const { protocol, host, hostname } = new URL(address);
    const shown = /^https?:\/\/([^/?#\\]*)/iu.exec(address)?.[1].toLowerCase();
    const usualPort = { "http:": 80, "https:": 443 }[protocol];
    return usualPort !== undefined && (shown === host || shown === `${hostname}:${usualPort}`);
  } catch {
    return false;
  }
}

function anchor(address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", text: address });
}
