import { findRoomCode } from "./room-code.js";

// The key's part of a link's fragment with those that belong to it; what a sentence has left behind it does not count.
const KEY = /(?:^|[#&\s])k=[\w-]+(?:&(?:p|j=[\w-]+)(?![\w=-]))*/;

/** What a link has in it, or a text with one: the room's code and the key of an encrypted room, each null where it is absent. */
export function findInvitation(text) {
  const key = KEY.exec(text)?.[0].replace(/^[#&\s]/, "") ?? null;
  return { code: findRoomCode(text.replace(KEY, "")), key };
}

/** Whether a key comes from a link that says that a passcode is needed too. */
export function wantsPasscode(key) {
  return key?.split("&").includes("p") ?? false;
}
