const ROOM = ["id", "now"];

/** What an owner asks of a room. In an encrypted one the link changes when somebody is removed, who knows the old one. */
export class Steering {
  #call;
  #codec;
  #room;
  #renewing = null;
  #removing = Promise.resolve();

  /**
   * @param room.learn takes an answer that says how the room is
   * @param room.has asks whether a participant still has a seat
   */
  constructor(call, codec, room) {
    this.#call = call;
    this.#codec = codec;
    this.#room = room;
  }

  async admission(change) {
    await this.#admit(await this.#codec.admission(change));
  }

  async endIn(ttlSeconds) {
    await this.#room.learn(await this.#call("PUT", "/deadline", { body: { ttlSeconds }, has: ROOM }));
  }

  async assign(participantId, role) {
    await this.#call("PATCH", seatPath(participantId), { body: { role } });
  }

  async setProperty(name, value) {
    if (value === null) await this.#call("DELETE", propertyPath(name));
    else await this.#put(name, await this.#codec.sealProperty(name, value));
  }

  async remove(participant, { lock = false, passcode } = {}) {
    if (this.#codec.encrypted) {
      // One after another: each makes the link void that the one before has made.
      this.#removing = this.#removing.catch(() => {}).then(() => this.#removeAndRenew(participant, lock, passcode));
      await this.#removing;
      return;
    }
    // First: between the two nobody may come back.
    if (lock || passcode !== undefined) await this.admission({ locked: lock || undefined, passcode });
    await this.#free(participant);
  }

  async #removeAndRenew(participant, lock, passcode) {
    await this.#codec.admission({ passcode });
    await this.goOn().catch((error) => {
      if (error.temporary) throw error;
    });
    this.#codec.renew({ participant, lock, invitation: this.#codec.newInvitation(), done: 0 });
    await this.goOn();
  }

  /** Makes the old link void, as far as that is not done yet: a page that was closed meanwhile goes on where it was. */
  goOn() {
    if (this.#codec.renewal === null) return Promise.resolve();
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  async #renew() {
    const { participant, lock, invitation, done } = this.#codec.renewal;
    const steps = [
      async () => this.#admit({ locked: lock || undefined, proof: await this.#codec.proofOf(invitation) }),
      () => this.#free(participant),
      async () => this.#put(this.#codec.invite, await this.#codec.sealInvitation(invitation)),
    ];
    try {
      for (let step = done; step < steps.length; step++) {
        await steps[step]();
        this.#codec.renew({ participant, lock, invitation, done: step + 1 });
      }
    } catch (error) {
      if (error.temporary) throw error;
      // Refused: what is done is done, and the link of this tab is one that lets people in.
      if (this.#codec.renewal.done > 0) this.#codec.renewed(invitation);
      else this.#codec.renew(null);
      throw error;
    }
    this.#codec.renewed(invitation);
  }

  async #admit(body) {
    await this.#room.learn(await this.#call("PUT", "/admission", { body, has: ROOM }));
  }

  async #put(name, value) {
    await this.#call("PUT", propertyPath(name), { body: { value } });
  }

  async #free(participant) {
    try {
      await this.#call("DELETE", seatPath(participant));
    } catch (error) {
      // Somebody else was quicker, or this seat is no longer the owner's: look before saying anything.
      if (await this.#room.has(participant)) throw error;
    }
  }
}

function seatPath(participant) {
  return `/participants/${encodeURIComponent(participant)}`;
}

function propertyPath(name) {
  return `/properties/${encodeURIComponent(name)}`;
}
