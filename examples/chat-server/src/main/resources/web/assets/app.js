import { EphemeralChat } from "/ephemeral-chat/ephemeral-chat.js";
import { closeDialogs } from "./dialogs.js";
import { say } from "./dom.js";
import { isRoomCode, roomPath } from "./room-code.js";
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
  const [, code] = /^\/room\/([^/]+)\/?$/.exec(location.pathname) ?? [];
  if (code === undefined) showLobby();
  else if (isRoomCode(code)) openRoom(code);
  else showEnded("not-found");
}

function showLobby(joinCode = "") {
  show(
    lobbyView({
      joinCode,
      create: (options) => enter(chat.create(options)),
      join,
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
    if (error.status === 401) show(inviteView({ code, join: (name) => join(code, name), back: toLobby }), `Join ${code}`);
    else if (error.status === 404) showEnded("not-found", { code });
    else showEnded("unavailable", { code, retryAfterMs: error.retryAfterMs });
  }
}

function join(code, name) {
  return enter(chat.join(code, { name }), code);
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
    const reason = { room_full: "full", room_locked: "locked", wrong_proof: "proof", room_not_found: "not-found", unauthorized: "cookies" }[error.code];
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

addEventListener("popstate", route);
// A page that the browser kept whole while the person was elsewhere may be hours old.
addEventListener("pageshow", (event) => event.persisted && route());
route();
