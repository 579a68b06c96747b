import { EphemeralChat } from "/ephemeral-chat/ephemeral-chat.js";
import { closeDialogs } from "./dialogs.js";
import { say } from "./dom.js";
import { findInPath, roomPath } from "./room-code.js";
import { endedView } from "./views/ended.js";
import { inviteView } from "./views/invite.js";
import { lobbyView } from "./views/lobby.js";
import { RoomView } from "./views/room.js";
import { endOf } from "./wording.js";

const TITLE = "Ephemeral chat";
const chat = new EphemeralChat("/api");
const root = document.getElementById("app");

let roomView = null;
// Counts navigations: an answer that comes after the person went elsewhere must not bring a view back.
let visit = 0;

/** Shows one view; whatever was on the page before, messages included, is gone from it. */
function show(view, title = TITLE) {
  visit++;
  roomView?.dispose();
  roomView = null;
  closeDialogs();
  root.replaceChildren(view);
  document.title = title;
  scrollTo(0, 0);
}

function route() {
  if (!location.pathname.startsWith("/room/")) return showLobby();
  const code = findInPath(location.pathname);
  if (code === null) return showEnded("not-found");
  history.replaceState(history.state, "", roomPath(code));
  return openRoom(code);
}

function showLobby(joinCode = "") {
  show(
    lobbyView({
      joinCode,
      create: (options) => enter(chat.create(options)),
      join: joinFromLobby,
    }),
  );
}

/** Opening a link takes no seat: it only looks whether this browser has one already. */
async function openRoom(code) {
  show(waiting(), TITLE);
  const mine = visit;
  try {
    const room = await chat.open(code);
    if (visit === mine) showRoom(room);
  } catch (error) {
    if (visit !== mine) return;
    if (error.code === "unauthorized") showInvitation(code);
    else if (error.code === "room_not_found") showEnded("not-found", { code });
    else showEnded("unavailable", { code, retryAfterMs: error.retryAfterMs });
  }
}

function showInvitation(code, { locked = false } = {}) {
  const view = inviteView({ code, join: (options) => join(code, options), back: toLobby, locked });
  show(view, `Join ${code}`);
  if (locked) view.querySelector("[data-role=passcode-input]").focus();
}

function join(code, options) {
  return enter(chat.join(code, options), code);
}

/** Where a passcode is asked for, the invitation asks for it. */
async function joinFromLobby(code, name) {
  try {
    await join(code, { name });
  } catch (error) {
    if (error.code !== "wrong_proof") throw error;
    history.pushState(null, "", roomPath(code));
    showInvitation(code, { locked: true });
  }
}

/** Shows the room whose seat was asked for. What the person can't cure at once is a page of its own; the rest is thrown. */
async function enter(seat, code = null) {
  const mine = visit;
  try {
    const room = await seat;
    if (visit !== mine) return;
    if (location.pathname !== roomPath(room.code)) history.pushState(null, "", roomPath(room.code));
    showRoom(room);
  } catch (error) {
    const reason = { room_full: "full", room_locked: "locked", room_not_found: "not-found", unauthorized: "cookies" }[error.code];
    if (reason === undefined) throw error;
    if (visit === mine) showEnded(reason, { code });
  }
}

function toLobby() {
  history.pushState(null, "", "/");
  showLobby();
}

function showRoom(room) {
  const view = new RoomView(room, {
    ended: ({ reason, own }) => showEnded(reason, { code: room.code, own }),
    title: (text) => (document.title = `${text} – ${TITLE}`),
  });
  show(view.element, `${room.code} – ${TITLE}`);
  roomView = view;
  view.start();
}

function showEnded(reason, { code = null, own = false, retryAfterMs = null } = {}) {
  const words = endOf(reason, own);
  const view = endedView({
    reason,
    words,
    retryAfterMs,
    back: () => {
      history.pushState(null, "", "/");
      // A mistyped code is corrected, not typed anew.
      showLobby(["not-found", "full", "locked"].includes(reason) ? code ?? "" : "");
    },
    again: code === null ? null : () => openRoom(code),
  });
  show(view, `${words.title} – ${TITLE}`);
  view.querySelector("h1").focus();
  say(`${words.title} ${words.body}`, { now: true });
}

function waiting() {
  const main = document.createElement("main");
  main.className = "waiting";
  main.textContent = "Opening the room…";
  return main;
}

addEventListener("popstate", () => {
  // On a phone, Back closes what covers the conversation.
  if (roomView?.isAt(location.pathname)) roomView.closePanel();
  else route();
});
// A page that the browser kept whole while the person was elsewhere may be hours old. A room knows by itself how it is, and
// keeps what is being written.
addEventListener("pageshow", (event) => event.persisted && roomView === null && route());
addEventListener("beforeunload", (event) => roomView?.hasUnsent && event.preventDefault());
route();
