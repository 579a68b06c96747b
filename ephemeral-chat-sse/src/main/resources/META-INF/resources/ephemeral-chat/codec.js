import { message } from "./common.js";
import { withProof } from "./passcode.js";

/** What a plain room does with what is said in it: nothing. Encrypted rooms have a SealedRoom in its place. */
export const plain = {
  encrypted: false,
  behind: null,
  renewal: null,

  take: (type, data, handOn) => handOn(type, data),
  room: (data) => data,
  posted: (type, data) => message(data),
  sealMessage: (text) => text,
  sealEntry: (kind, body) => body,
  sealCue: (kind, body) => body,
  sealProperty: (name, value) => value,
  admission: async (change) => {
    const { locked, proof } = await withProof(change);
    return { locked, proof };
  },
  link: (page) => new URL(page, globalThis.document?.baseURI ?? globalThis.location?.href).href,
  close: () => {},
};
