import { spellDuration } from "./countdown.js";

const BY_CODE = {
  network: "The server can't be reached. Check your connection and try again.",
  invalid_request: "The server did not accept this.",
  cross_site: "The server did not accept a request from this page.",
  forbidden: "Only the owner of the room may do this.",
  refused: "The host of this server doesn’t allow this.",
  payload_too_large: "This is too large for the server.",
  limit_exceeded: "The server has reached a limit. Try again later.",
  too_late: "The room ends in less than a minute: its end can’t be moved any more.",
  room_full: "Every seat in this room is taken.",
  insecure_origin: "Passcodes need https: at this address the browser can’t make them.",
  too_many_waiting: "Too many messages are waiting to be sent.",
};

/** An error as a sentence for the person in front of the page. */
export function explain(error) {
  const wait = error.retryAfterMs > 0 ? ` Try again in ${spellDuration(error.retryAfterMs)}.` : " Try again in a moment.";
  if (error.code === "rate_limited") return `${error.words ?? "That was a bit fast for the server."}${wait}`;
  if (error.code === "unknown") return `Something on the way to the server answered in its place.${wait}`;
  if (error.status >= 500) return `The server can't do this right now.${wait}`;
  return BY_CODE[error.code] ?? "Something went wrong. Please try again.";
}

/** What the ended view says; `own`: this page did it. */
export function endOf(reason, own) {
  return (own && OWN_ENDS[reason]) || ENDS[reason];
}

const NOTHING_LEFT = "Its messages are gone from the server and from this page.";

const OWN_ENDS = {
  destroyed: { title: "You destroyed the room.", body: `It has ended for everyone. ${NOTHING_LEFT}` },
  left: { title: "You left the room.", body: "Your seat is free again. The room goes on without you." },
};

const ENDS = {
  expired: { title: "Time’s up.", body: `The room reached its end. ${NOTHING_LEFT}` },
  destroyed: { title: "The room was destroyed.", body: `Somebody in the room ended it for everyone. ${NOTHING_LEFT}` },
  lost: {
    title: "The room was lost.",
    body: "The server lost the room before its time, and can’t bring it back. Nothing of it is left on this page.",
  },
  left: {
    title: "Your seat was freed.",
    body: "You left in another tab, or the owner gave your seat away. The room goes on without you.",
  },
  gone: {
    title: "You’re no longer in this room.",
    body: "It was destroyed or lost, or your seat was freed, while this page could not be told. Nothing of it is left here.",
  },
  full: {
    title: "The room is full.",
    body: "Every seat is taken. Somebody inside has to leave first, or the owner has to free a seat.",
  },
  locked: {
    title: "The room is locked.",
    body: "Its owner lets nobody else in. Whoever has a seat stays.",
  },
  "not-found": {
    title: "No such room.",
    body: "It may have ended, or the code has a typo. A room that has ended and one that never was look the same.",
  },
  cookies: {
    title: "The room won’t open here.",
    body: "The server doesn’t know this browser, although it has just let it in. The room may have ended at this moment, or the browser refuses cookies, which this page needs.",
  },
  unavailable: {
    title: "The server isn’t available.",
    body: "The room can’t be opened right now. If it still has time left, you can go in as soon as the server answers.",
  },
};
