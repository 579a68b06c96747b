/** Who has a seat: a snapshot of the room at some sequence, and what the stream has said since. And who of them is connected. */
export class Roster {
  #people = new Map();
  // What the stream has said last; null where it says nothing.
  #presence = null;
  // The newest entry that the snapshot includes: a replay of it, or of older ones, changes nothing.
  #asOf = 0;
  // How many snapshots are on their way, and what the stream, which may be ahead of them, says meanwhile.
  #open = 0;
  #since = [];

  get all() {
    return [...this.#people.values()].map((each) => this.#seen(each));
  }

  get(id) {
    const person = this.#people.get(id);
    return person && this.#seen(person);
  }

  get presence() {
    return this.#presence && { ...this.#presence };
  }

  /** Takes who is connected: all of them, in a large room only how many. Returns whether that was news. */
  connected({ present, count }) {
    const before = JSON.stringify(this.#presence);
    this.#presence = { count, ...(present && { present: [...present] }) };
    return JSON.stringify(this.#presence) !== before;
  }

  #seen(person) {
    const present = this.#presence?.present;
    return present === undefined ? person : { ...person, present: present.includes(person.id) };
  }

  /** Returns whether that was news, as the next two. */
  joined(sequence, { role = "member", ...person }) {
    return this.#do(sequence, () => this.#people.has(person.id) || this.#people.set(person.id, { ...person, role, owner: role === "owner" }));
  }

  left(sequence, { id }) {
    return this.#do(sequence, () => this.#people.delete(id));
  }

  /** A room has one owner: whoever was it before is a member now. */
  assigned(sequence, { id, role }) {
    return this.#do(sequence, () => {
      for (const each of role === "owner" ? [...this.#people.values()].filter(({ owner }) => owner) : []) {
        this.#people.set(each.id, { ...each, role: "member", owner: false });
      }
      const person = this.#people.get(id);
      if (person) this.#people.set(id, { ...person, role, owner: role === "owner" });
    });
  }

  asked() {
    this.#open++;
  }

  /** The snapshot has come, or does not come. */
  answered() {
    if (--this.#open === 0) this.#since = [];
  }

  /** One that is older than another, of which it was asked for first, says nothing. */
  snapshot(participants, lastSequence) {
    if (lastSequence < this.#asOf) return;
    this.#asOf = lastSequence;
    // Who is connected is the stream's to say, which also says when that changes.
    this.#people = new Map(participants.map(({ present, ...each }) => [each.id, each]));
    this.#since.forEach(({ sequence, change }) => sequence > lastSequence && change());
  }

  /** The log was rewritten: sequences begin anew. */
  forget() {
    this.#asOf = 0;
    this.#since = [];
  }

  clear() {
    this.#people.clear();
    this.#presence = null;
    this.#since = [];
  }

  #do(sequence, change) {
    if (this.#open > 0) this.#since.push({ sequence, change });
    if (sequence <= this.#asOf) return false;
    change();
    return true;
  }
}
