import { api } from "./api.js";
import { closeDialogs } from "./dialogs.js";
import { say } from "./dom.js";
import { isRoomCode, roomPath } from "./room-code.js";
import { RoomSession } from "./room-session.js";
import { endedView } from "./views/ended.js";
import { inviteView } from "./views/invite.js";
import { lobbyView } from "./views/lobby.js";
import { RoomView } from "./views/room.js";
import { endOf } from "./wording.js";

const TITLE = "Ephemeral chat";
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
      create: async (options) => enter((await api.createRoom(options)).data.room.id),
      join: (code, name) => join(code, name),
    }),
  );
}

/** Opening a link takes no seat: it only looks whether this browser has one already. */
async function openRoom(code, { seated = false } = {}) {
  show(waiting(), TITLE);
  const mine = visit;
  try {
    const { data, roundTrip } = await api.room(code);
    if (visit === mine) showRoom({ room: data, me: data.me, participants: data.participants, roundTrip });
  } catch (error) {
    if (visit !== mine) return;
    if (error.status === 401 && seated) showEnded("unavailable", { how: "cookies" });
    else if (error.status === 401) show(inviteView({ code, join: (name) => join(code, name), back: toLobby }), `Join ${code}`);
    else if (error.status === 404) showEnded("not-found", { code });
    else showEnded("unavailable", { code, retryAfterMs: error.retryAfterMs });
  }
}

/** Takes a seat. What the person can do nothing about at once is shown as a page of its own; the rest is thrown. */
async function join(code, name) {
  const mine = visit;
  try {
    await api.join(code, name);
  } catch (error) {
    const reason = { room_full: "full", room_not_found: "not-found" }[error.code];
    if (reason === undefined) throw error;
    if (visit === mine) showEnded(reason, { code });
    return;
  }
  if (visit === mine) enter(code);
}

/** The seat is taken; the room itself is then read with its cookie, exactly as after a reload. */
function enter(code) {
  if (location.pathname !== roomPath(code)) history.pushState(null, "", roomPath(code));
  openRoom(code, { seated: true });
}

function toLobby() {
  history.pushState(null, "", "/");
  showLobby();
}

function showRoom(membership) {
  const next = new RoomSession(membership);
  const view = new RoomView(next, {
    ended: (reason, how) => showEnded(reason, { code: next.code, how }),
    title: (text) => (document.title = `${text} – ${TITLE}`),
  });
  show(view.element, `${next.code} – ${TITLE}`);
  roomView = view;
  view.start();
}

function showEnded(reason, { code = null, how = "told", retryAfterMs = null } = {}) {
  const words = endOf(reason, how);
  const view = endedView({
    reason,
    words,
    retryAfterMs,
    back: () => {
      history.pushState(null, "", "/");
      // A mistyped code is corrected, not typed anew.
      showLobby(reason === "not-found" || reason === "full" ? code ?? "" : "");
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
