// Ephemeral chat rooms in a browser. Writes nothing to the page. What it does for whom is documented in
// ephemeral-chat.d.ts, beside this file. The other files of this folder belong to it.

import { Api } from "./api.js";
import { backoff, pause, randomText, roomPath } from "./common.js";
import { ChatError } from "./error.js";
import { plain } from "./codec.js";
import { canStretch, withProof } from "./passcode.js";
import { throughProxies } from "./proxies.js";
import { Room } from "./room.js";
import { RoomKey } from "./room-key.js";
import { SealedRoom } from "./sealed-room.js";
import { keys, seats } from "./store.js";

export { newMessageId } from "./common.js";
export { takeKey } from "./link.js";
export { markOf, nameProblem } from "./names.js";
export { ChatError, Room };

// A join whose answer was lost is repeated so often, with the same token: it takes one seat.
const JOIN_ATTEMPTS = 4;

/** The way to the rooms of one server. */
export class EphemeralChat {
  #base;
  #api;
  #foreign;
  // Of joins that may have taken a seat without telling: the next one to the same room asks for the same seat.
  #tokens = new Map();

  constructor(base = new URL(".", import.meta.url).href, { fetch, headers, credentials } = {}) {
    throughProxies(this);
    const here = globalThis.document?.baseURI ?? globalThis.location?.href;
    const url = new URL(base, here);
    // The cookie stays on its own origin: elsewhere the token goes along by hand.
    this.#foreign = url.origin !== globalThis.location?.origin;
    this.#base = url.href.replace(/\/+$/, "");
    this.#api = new Api(this.#base, { fetch, headers, credentials });
    seats.sweep();
    keys.sweep();
  }

  static get passcodesWork() {
    return canStretch();
  }

  async create({ signal, encrypted = false, ...options } = {}) {
    const key = encrypted ? await RoomKey.create(options.passcode) : undefined;
    return this.#enter("/rooms", await seatFor(key, encrypted ? { ...options, encrypted } : options), { key, signal });
  }

  async join(code, { name, proof, passcode, key: link = null, signal } = {}) {
    const token = this.#tokens.get(code) ?? randomText(32);
    this.#tokens.set(code, token);
    try {
      const key = link === null ? undefined : await RoomKey.fromLink(link, passcode);
      const asked = await seatFor(key, { name, proof, passcode });
      const room = await this.#enter(`${roomPath(code)}/participants`, { ...asked, token }, { key, signal });
      this.#tokens.delete(code);
      return room;
    } catch (error) {
      if (error instanceof ChatError && !error.temporary) this.#tokens.delete(code);
      // A code alone is no way into an encrypted room.
      throw error.code === "wrong_proof" && error.encrypted && link === null ? new ChatError("key_required", error.status) : error;
    }
  }

  async open(code, { token = null, participant, key: link = null, passcode, signal } = {}) {
    const name = this.#nameOf(code);
    const [seat, kept] = [seats.of(name), keys.of(name)];
    const whose = participant ?? (token === null ? seat?.participant : null) ?? null;
    // A cookie may be there that a neighbour of this origin has planted: only a seat that was taken here counts.
    if (token === null && whose === null) {
      keys.lost(name, kept?.taken); // Another tab has seen its end.
      throw new ChatError("unauthorized", 401);
    }
    const key = link === null ? undefined : await RoomKey.fromLink(link, passcode);
    try {
      return await this.#open(code, this.#api.as({ token, participant: whose }), { key, signal });
    } catch (error) {
      if (error.code === "unauthorized") {
        keys.lost(name, kept?.taken);
        // A token may be that of another seat.
        if (seat?.participant === whose) seats.lost(name, seat.taken);
      }
      throw error;
    }
  }

  async #open(code, api, { key, signal, spare = null }) {
    const answer = await api.call("GET", roomPath(code), { signal, has: ["id", "now", "me"] });
    return this.#room(api.as({ token: api.token, participant: answer.data.me, spare }), answer, key);
  }

  async #room(api, answer, given) {
    const { id, me, encrypted, now, expiresAt, latestExpiresAt } = answer.data;
    const name = this.#nameOf(id);
    // The server's word is not enough: what is written in an encrypted room must not be sent in the clear.
    const sealed = given !== undefined || encrypted === true || seats.of(name)?.sealed === true || keys.of(name) !== null;
    const key = given ?? (sealed ? await RoomKey.kept(name, me) : null);
    // By the clock of this device, which may be wrong.
    const end = Date.now() + Date.parse(latestExpiresAt ?? expiresAt) - Date.parse(now);
    const seat = seats.took(name, me, end, sealed);
    if (sealed && key === null) throw new ChatError("key_required");
    const { codec, data } = sealed ? await SealedRoom.of(key, name, seat, answer.data) : { codec: plain, data: answer.data };
    return new Room(api, { ...answer, data }, { codec, taken: seat.taken, onEnd: () => forget(name, seat.taken) });
  }

  /** The same request again finds the seat that an earlier one has taken. A room is not created twice. */
  async #takeSeat(path, body, signal) {
    const attempts = path === "/rooms" ? 1 : JOIN_ATTEMPTS;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#api.call("POST", path, { body, signal, has: ["room", "participant"] });
      } catch (error) {
        const lost = error.code === "network" || error.code === "unknown";
        if (!lost || attempt + 1 >= attempts) throw error;
        await pause(backoff(attempt), signal);
      }
    }
  }

  /** Takes a seat, then goes in as after a reload: a browser that keeps no cookie is found out here. */
  async #enter(path, asked, { key, signal }) {
    const body = { ...asked, token: asked.token ?? randomText(32) };
    const { data, roundTrip, at } = await this.#takeSeat(path, body, signal);
    const { room, participant } = data;
    // Among cookies that a neighbour of this origin may have set, only this participant's fits.
    const seat = { token: this.#foreign ? body.token : null, participant: participant.id, spare: body.token };
    const api = this.#api.as(seat);
    try {
      return await this.#open(room.id, api, { key, signal, spare: body.token });
    } catch (error) {
      if (!error.temporary) throw error;
      // The seat is taken all the same, and who else is here will be asked again.
      const known = { ...room, me: participant.id, participants: [participant] };
      return this.#room(api, { data: known, roundTrip, at, partial: true }, key);
    }
  }

  #nameOf(code) {
    return `${this.#base}/rooms/${code}`;
  }
}

/** What a request for a seat says: the name and the passcode of an encrypted room stay here. */
function seatFor(key, { passcode, ...options }) {
  return key === undefined ? withProof({ passcode, ...options }) : SealedRoom.seat(key, options);
}

/** The seat may have been taken anew in another tab: what is kept of that one stays. */
function forget(room, taken) {
  seats.lost(room, taken);
  keys.lost(room, taken);
}

throughProxies.on(EphemeralChat);
