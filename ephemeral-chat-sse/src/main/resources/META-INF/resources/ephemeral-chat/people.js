import { nameProblem } from "./names.js";

const MOST = 10_000;

/**
 * What the seats of an encrypted room say of themselves, and where the server has mixed up who is who. A login has the same
 * participant id in a room each time: then one id has several seats, one after the other.
 */
export class People {
  // By participant id, in the order in which they became known.
  #seats = new Map();
  #count = 0;
  #tags = new Map();
  #knowsAll = false;
  // The newest entry that was told.
  #reached = 0;

  /** An entry is told. If it is the log's first one, whoever's join is not known yet has joined later than all the others. */
  reached(sequence) {
    if (sequence === 1) this.#knowsAll = true;
    if (sequence > this.#reached) this.#reached = sequence;
  }

  /** The log was rewritten: what is known of its sequences says little of the new ones. */
  forgetSequences() {
    this.#knowsAll = false;
    for (const seat of [...this.#seats.values()].flat()) {
      seat.seen = startOf(seat);
      seat.since = undefined;
    }
  }

  has(id, sealed) {
    return this.#find(id, sealed) !== undefined;
  }

  /**
   * The server says that somebody has this seat when the log reached a sequence, which may not be told yet.
   *
   * @param sealed the profile as the server has it: a seat has one for its whole life
   * @param profile what it says; null where it does not open
   */
  seen(id, sealed, profile, sequence = 0) {
    const seat = this.#take(id, sealed, profile);
    seat.seen = Math.min(seat.seen, sequence);
  }

  joined(id, sealed, profile, sequence) {
    const seat = this.#take(id, sealed, profile);
    seat.since ??= sequence;
    if (seat.left < sequence) seat.left = undefined;
  }

  left(id, sequence) {
    const seat = this.#at(id, sequence);
    if (seat) seat.left = sequence;
  }

  tagOf(id) {
    return this.#of(id).at(-1)?.tag;
  }

  /** That seat's profile is another one than it was given. */
  doubt(id) {
    for (const seat of this.#of(id)) seat.isMixedUp = true;
  }

  /**
   * The same person under the name that the seat gives itself; where there is none, under the server's handle.
   *
   * @param said the tag of what the person says, and the sequence where it has one
   */
  named({ profile, ...person }, { tag, sequence } = {}) {
    const seat = this.#meant(person.id, profile, tag);
    if (!seat) return person;
    // Who speaks has a seat, however far the log reaches by the server's word.
    if (sequence < seat.seen && seat.tag === tag) seat.seen = sequence;
    const name = seat.name !== undefined && nameProblem(seat.name) === null ? seat.name : person.name;
    return { ...person, name, ...(this.#isMixedUp(seat, tag) && { mixedUp: true }) };
  }

  #of(id) {
    return this.#seats.get(id) ?? [];
  }

  #find(id, sealed) {
    return this.#of(id).find((seat) => seat.sealed === sealed);
  }

  /** Of one id's seats the one whose profile or tag this is; else the one that the log has come to. */
  #meant(id, profile, tag) {
    const known = profile === undefined ? this.#of(id).find((seat) => tag !== undefined && seat.tag === tag) : this.#find(id, profile);
    return known ?? this.#at(id, this.#reached) ?? this.#of(id).at(-1);
  }

  #at(id, sequence) {
    const begun = this.#of(id).filter((seat) => startOf(seat) <= sequence);
    return begun.reduce((latest, seat) => (latest && startOf(latest) > startOf(seat) ? latest : seat), undefined);
  }

  #isMixedUp(seat, tag = seat.tag) {
    for (const other of this.#of(seat.id)) {
      if (other !== seat && this.#overlap(seat, other)) seat.isMixedUp = other.isMixedUp = true;
    }
    return seat.isMixedUp || (seat.tag !== undefined && (seat.tag !== tag || this.#firstWith(tag) !== seat));
  }

  /** Whether two seats of one id were there at once, as far as the log is told: one has to be left before the next is taken. */
  #overlap(one, other) {
    const isTold = (seat) => startOf(seat) <= this.#reached;
    const isBefore = (first, next) => first.left !== undefined && first.left <= startOf(next);
    return isTold(one) && isTold(other) && !isBefore(one, other) && !isBefore(other, one);
  }

  #firstWith(tag) {
    const joined = (seat) => seat.since ?? (this.#knowsAll ? Infinity : 0);
    return this.#tags.get(tag).reduce((first, seat) => (joined(seat) < joined(first) ? seat : first));
  }

  #take(id, sealed, profile) {
    const known = this.#find(id, sealed);
    if (known) return known;
    if (this.#count >= MOST) this.#drop(this.#seats.keys().next().value);
    const seat = { id, sealed, tag: profile?.tag, name: profile?.text, seen: Infinity, isMixedUp: false };
    this.#count++;
    this.#seats.set(id, [...this.#of(id), seat]);
    if (profile) this.#tags.set(profile.tag, [...(this.#tags.get(profile.tag) ?? []), seat]);
    return seat;
  }

  #drop(id) {
    for (const seat of this.#of(id)) {
      const others = (this.#tags.get(seat.tag) ?? []).filter((each) => each !== seat);
      if (others.length > 0) this.#tags.set(seat.tag, others);
      else this.#tags.delete(seat.tag);
      this.#count--;
    }
    this.#seats.delete(id);
  }
}

/** The first entry at which the seat is known to have been there. */
function startOf({ since, seen }) {
  return since ?? seen;
}
