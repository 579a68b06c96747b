import { takeKey } from "../ephemeral-chat/ephemeral-chat.js";
import { findInPath } from "../ephemeral-chat/element/room-code.js";
import "../ephemeral-chat/element/ephemeral-chat-element.js";
import { showBadge } from "./badge.js";
import { el } from "./dom.js";
import { keyOfLink } from "./key.js";
import { themeToggle } from "./theme.js";

const TITLE = "Ephemeral chat";
// The page may be below a path.
const root = new URL("..", import.meta.url).pathname;

const brand = el("a", { class: "brand", href: root, slot: "brand" }, el("span", { class: "brand-fuse", "aria-hidden": "true" }), TITLE);
const tools = themeToggle();
tools.slot = "tools";
const chat = el("ephemeral-chat", { base: `${root}api`, link: `${root}room/{code}` }, brand, tools);

let title = TITLE;

const pathOf = (code) => (code === "" ? root : `${root}room/${code}`);
/** What the address leads to: a code, or what stands in its place, which is no code. */
const placeOf = (path) => (path.startsWith(`${root}room/`) ? findInPath(path) ?? "none" : "");

function showTitle() {
  document.title = chat.unread > 0 ? `(${chat.unread}) ${title}` : title;
}

chat.addEventListener("screen", ({ detail }) => {
  title = detail.screen === "lobby" ? TITLE : `${detail.title} – ${TITLE}`;
  showBadge(0);
  showTitle();
  // An address that leads to no room stays as it was typed.
  if (detail.code !== "none" && location.pathname !== pathOf(detail.code)) history.pushState(null, "", pathOf(detail.code));
});
chat.addEventListener("unread", ({ detail: { count } }) => {
  showBadge(count);
  showTitle();
});

// On a phone, Back closes what covers the conversation: an open panel is a step in the browser's history.
chat.addEventListener("panel", ({ detail: { open } }) => {
  if (open) history.pushState({ panel: true }, "");
  else if (history.state?.panel) history.back();
});

function route(key = takeKey()) {
  const code = placeOf(location.pathname);
  if (code !== "" && code !== "none") history.replaceState(history.state, "", pathOf(code));
  if (key !== null) chat.key = key;
  if (chat.code !== code || chat.screen === "ended") chat.code = code;
}

addEventListener("popstate", () => {
  if (chat.panelOpen) chat.panelOpen = false;
  else route();
});
// A link to the same room, pasted into the address, loads nothing.
addEventListener("hashchange", () => route());
// What is written survives a reload, but not the tab.
addEventListener("beforeunload", (event) => chat.hasUnsent && event.preventDefault());

const viewport = globalThis.visualViewport;
viewport?.addEventListener("resize", () => {
  // Zoomed in, the page keeps its size.
  if (viewport.scale > 1.01) return;
  document.documentElement.style.setProperty("--visible-height", `${viewport.height}px`);
  scrollTo(0, 0);
});

route(keyOfLink);
document.body.append(chat);
