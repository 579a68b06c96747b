import { el } from "./dom.js";

// Stops at white space, quotes and angle brackets; what follows a sentence is trimmed below.
const LINK = /\bhttps?:\/\/[^\s<>"'`\u201c\u201d]+/giu;

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

function withoutTail(address) {
  let end = address.replace(/[.,;:!?\]}*_~]+$/u, "");
  // A closing bracket belongs to the address only if it was opened in it.
  while (end.endsWith(")") && end.split(")").length > end.split("(").length) end = end.slice(0, -1);
  return end;
}

function isWebAddress(address) {
  try {
    return ["http:", "https:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

function anchor(address) {
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow", text: address });
}
