import "/ephemeral-chat/element/ephemeral-chat-element.js";
import { find } from "/shop.js";

const ENDS = {
  expired: "The half hour is over.",
  destroyed: "This chat was ended.",
  lost: "This chat was lost.",
  left: "You have left this chat.",
  gone: "This chat is over.",
};

const chat = find("room");
// The desk answers for what is said at it, and so it has to be able to read it.
chat.words = { "seal.off": "Not encrypted: the shop can read this, and step in" };

/** The one chat that a page shows: the shop's own words around the element. */
export function showChat(code) {
  chat.code = code;
  chat.hidden = false;
  find("empty").hidden = true;
  find("end").hidden = false;
}

/** Calls back when the chat is over; nothing of it stays. */
export function onEnd(action) {
  const ended = ({ detail: { reason } }) => {
    chat.hidden = true;
    chat.code = "";
    find("words").textContent = `${ENDS[reason ?? "left"]} Nothing of it is kept.`;
    find("empty").hidden = false;
    find("end").hidden = true;
    action();
  };
  chat.addEventListener("ended", ended);
  chat.addEventListener("left", ended);
}

find("end").addEventListener("click", () => chat.room?.destroy().catch(() => (find("state").textContent = "Please try again.")));
