// Base58 leaves out 0, O, I and l, which people mix up when they read a code aloud.
const CODE = /^[1-9A-HJ-NP-Za-km-z]{8}$/;

function isRoomCode(text) {
  return CODE.test(text);
}

/**
 * The code in what a person typed or pasted: a bare code (spaces allowed), or a link to a room, in a sentence too; null if
 * there is none.
 */
export function findRoomCode(input) {
  const inLink = findInPath(input);
  if (inLink !== null) return inLink;
  const candidate = input.replace(/^[\s"'<([]+|[\s.,;:!?"'>)\]]+$/g, "").replace(/[\s\u00a0-]/g, "");
  return isRoomCode(candidate) ? candidate : null;
}

/** The code in a link to a room, whatever a sentence has left behind it. */
export function findInPath(text) {
  const [, code] = /\/room\/([1-9A-HJ-NP-Za-km-z]{8})(?![0-9A-Za-z])/.exec(text) ?? [];
  return code ?? null;
}

export function roomPath(code) {
  return `/room/${code}`;
}

export function roomLink(code) {
  return location.origin + roomPath(code);
}
