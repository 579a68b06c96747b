/**
 * Who has a seat: a snapshot from `GET room` plus the `joined` and `left` entries of the stream. Replaying an entry
 * that the snapshot already knew changes nothing in the end, because the last entry about a person decides.
 */
export class Roster {
  #members = new Map();
  #sinceRequest = [];

  get members() {
    return [...this.#members.values()];
  }

  get(id) {
    return this.#members.get(id);
  }

  joined({ id, name }) {
    this.#sinceRequest.push(() => this.#add(id, name));
    this.#add(id, name);
  }

  /** Returns whether the owner left: then somebody else owns the room, and only the server knows who. */
  left(id) {
    const owner = this.#members.get(id)?.owner ?? false;
    this.#sinceRequest.push(() => this.#members.delete(id));
    this.#members.delete(id);
    return owner;
  }

  /** Call before asking for a snapshot: what the stream says meanwhile may be newer than the answer. */
  snapshotRequested() {
    this.#sinceRequest = [];
  }

  snapshot(participants) {
    this.#members = new Map(participants.map((each) => [each.id, { ...each }]));
    this.#sinceRequest.forEach((replay) => replay());
    this.#sinceRequest = [];
  }

  clear() {
    this.#members.clear();
    this.#sinceRequest = [];
  }

  #add(id, name) {
    if (!this.#members.has(id)) this.#members.set(id, { id, name, owner: false });
  }
}
