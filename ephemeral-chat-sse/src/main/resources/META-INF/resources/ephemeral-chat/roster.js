/** Who has a seat: a snapshot, and what the stream says. The last word about a person decides, so a replay does no harm. */
export class Roster {
  #people = new Map();
  #sinceAsked = [];

  get all() {
    return [...this.#people.values()];
  }

  get(id) {
    return this.#people.get(id);
  }

  joined({ id, name, role = "member" }) {
    this.#do(() => this.#people.has(id) || this.#people.set(id, { id, name, role, owner: role === "owner" }));
  }

  /** A room has one owner: whoever was it before is a member now. */
  assigned({ id, role }) {
    this.#do(() => {
      for (const each of role === "owner" ? this.all.filter(({ owner }) => owner) : []) {
        this.#people.set(each.id, { ...each, role: "member", owner: false });
      }
      const person = this.#people.get(id);
      if (person) this.#people.set(id, { ...person, role, owner: role === "owner" });
    });
  }

  /** Returns whether the owner left: then somebody else owns the room, and only the server knows who. */
  left(id) {
    const owner = this.#people.get(id)?.owner ?? false;
    this.#do(() => this.#people.delete(id));
    return owner;
  }

  /** From here on the stream may be ahead of the snapshot that is on its way. */
  asked() {
    this.#sinceAsked = [];
  }

  snapshot(participants) {
    this.#people = new Map(participants.map((each) => [each.id, each]));
    this.#sinceAsked.forEach((change) => change());
    this.#sinceAsked = [];
  }

  clear() {
    this.#people.clear();
    this.#sinceAsked = [];
  }

  #do(change) {
    this.#sinceAsked.push(change);
    change();
  }
}
