import { nameProblem } from "./names.js";

const MOST = 10_000;

/** What the seats of an encrypted room say of themselves, and where the server has mixed up who is who. */
export class People {
  #seats = new Map();
  #tags = new Map();
  #knowsAll = false;

  /** The log is read from its first entry: whoever's join is not known yet has joined later than all the others. */
  began() {
    this.#knowsAll = true;
  }

  /** The log was rewritten: what is known of its sequences says nothing of the new ones. */
  forgetSequences() {
    this.#knowsAll = false;
    for (const seat of this.#seats.values()) seat.since = undefined;
  }

  has(id, sealed) {
    const seat = this.#seats.get(id);
    return seat !== undefined && seat.sealed === sealed;
  }

  /**
   * @param sealed the profile as the server has it: a seat has one for its whole life
   * @param profile what it says; null where it does not open
   * @param since the sequence of the join, where it is known
   */
  add(id, sealed, profile, since) {
    const known = this.#seats.get(id);
    if (known) {
      known.since = since ?? known.since;
      known.isMixedUp ||= known.sealed !== sealed;
      return;
    }
    if (this.#seats.size >= MOST) this.#drop(this.#seats.keys().next().value);
    this.#seats.set(id, { sealed, since, tag: profile?.tag, name: profile?.text, isMixedUp: false });
    if (profile) this.#tags.set(profile.tag, [...(this.#tags.get(profile.tag) ?? []), id]);
  }

  tagOf(id) {
    return this.#seats.get(id)?.tag;
  }

  /** That seat's profile is another one than it was given. */
  doubt(id) {
    const seat = this.#seats.get(id);
    if (seat) seat.isMixedUp = true;
  }

  /** The same person under the name that the seat gives itself; where there is none, under the server's handle. */
  named({ profile, ...person }, tag) {
    const seat = this.#seats.get(person.id);
    if (!seat) return person;
    const name = seat.name !== undefined && nameProblem(seat.name) === null ? seat.name : person.name;
    return { ...person, name, ...(this.#isMixedUp(person.id, seat, tag) && { mixedUp: true }) };
  }

  #isMixedUp(id, seat, tag = seat.tag) {
    return seat.isMixedUp || (seat.tag !== undefined && (seat.tag !== tag || this.#firstWith(tag) !== id));
  }

  #firstWith(tag) {
    const joined = (id) => this.#seats.get(id).since ?? (this.#knowsAll ? Infinity : 0);
    return this.#tags.get(tag).reduce((first, id) => (joined(id) < joined(first) ? id : first));
  }

  #drop(id) {
    const { tag } = this.#seats.get(id);
    this.#seats.delete(id);
    const others = (this.#tags.get(tag) ?? []).filter((each) => each !== id);
    if (others.length > 0) this.#tags.set(tag, others);
    else this.#tags.delete(tag);
  }
}
