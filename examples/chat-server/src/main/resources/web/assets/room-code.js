// Base58 leaves out 0, O, I and l, which people mix up when they read a code aloud.
const CODE = /^[1-9A-HJ-NP-Za-km-z]{8}$/;

export function isRoomCode(text) {
  return CODE.test(text);
}

/** The code in what a person typed or pasted: a bare code (spaces allowed) or a link to a room; null if there is none. */
export function findRoomCode(input) {
  const text = input.trim();
  const inLink = /\/room\/([^/?#\s]+)/.exec(text);
  const candidate = inLink ? inLink[1] : text.replace(/[\s\u00a0-]/g, "");
  return isRoomCode(candidate) ? candidate : null;
}

export function roomPath(code) {
  return `/room/${code}`;
}

export function roomLink(code) {
  return location.origin + roomPath(code);
}
