// Ephemeral chat rooms in a browser. Writes nothing to the page. What it does for whom is documented in
// ephemeral-chat.d.ts, beside this file. The other files of this folder belong to it.

import { Api } from "./api.js";
import { backoff, pause, randomText, roomPath } from "./common.js";
import { Room } from "./room.js";

export { newMessageId } from "./common.js";
export { ChatError } from "./error.js";
export { Room };

// A join whose answer was lost is repeated so often, with the same token: it takes one seat.
const JOIN_ATTEMPTS = 4;

/** The way to the rooms of one server. */
export class EphemeralChat {
  #api;
  #foreign;

  constructor(base) {
    const url = new URL(base, document.baseURI);
    // The cookie stays on its own origin: elsewhere the token goes along by hand.
    this.#foreign = url.origin !== location.origin;
    this.#api = new Api(url.href.replace(/\/+$/, ""), null);
  }

  create({ signal, ...options } = {}) {
    return this.#enter("/rooms", options, signal);
  }

  join(code, { name, proof, signal } = {}) {
    return this.#enter(`${roomPath(code)}/participants`, { name, proof }, signal);
  }

  async open(code, { token = null, signal } = {}) {
    return this.#open(code, this.#api.as(token), signal);
  }

  async #open(code, api, signal) {
    const answer = await api.call("GET", roomPath(code), { signal });
    return new Room(api.as(api.token, answer.data.me), answer);
  }

  /** The same request again finds the seat that an earlier one has taken. A room is not created twice. */
  async #takeSeat(path, body, signal) {
    const attempts = path === "/rooms" ? 1 : JOIN_ATTEMPTS;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#api.call("POST", path, { body, signal });
      } catch (error) {
        if (error.code !== "network" || attempt + 1 >= attempts) throw error;
        await pause(backoff(attempt), signal);
      }
    }
  }

  /** Takes a seat, then goes in as after a reload: a browser that keeps no cookie is found out here. */
  async #enter(path, body, signal) {
    const token = randomText(32);
    const { data, roundTrip } = await this.#takeSeat(path, { ...body, token }, signal);
    const { room, participant } = data;
    // Among cookies that a neighbour of this origin may have set, only this participant's fits.
    const api = this.#api.as(this.#foreign ? token : null, participant.id);
    try {
      return await this.#open(room.id, api, signal);
    } catch (error) {
      if (!error.temporary) throw error;
      // The seat is taken all the same, and who else is here will be asked again.
      return new Room(api, { data: { ...room, me: participant.id, participants: [participant] }, roundTrip });
    }
  }
}
