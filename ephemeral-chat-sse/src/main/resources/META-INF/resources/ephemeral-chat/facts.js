const LAST_WARNING_S = 90;

/** What is known of a room: what answers say, and what entries have changed since. */
export class Facts {
  #known = {};
  // The newest entry that has changed something.
  #changedAt = 0;
  // The end that is near, and how near, as it was told last.
  #expiring = null;

  get known() {
    return this.#known;
  }

  /** An answer may be older than another one, or than what the stream has told meanwhile. */
  learn(answer) {
    const { lastSequence: before = 0 } = this.#known;
    const isOlder = answer.lastSequence < Math.max(before, this.#changedAt);
    const lastSequence = Math.max(before, answer.lastSequence ?? 0);
    this.#known = { ...this.#known, ...answer, ...(isOlder && this.#changeable()), lastSequence };
  }

  /** What was known when the room was asked for includes all entries up to then: a replay of them changes nothing. */
  changed(type, data) {
    if (data.sequence <= (this.#known.lastSequence ?? 0)) return;
    this.#changedAt = data.sequence;
    this.#known = { ...this.#known, ...CHANGES[type](data, this.#known) };
  }

  /** The log was rewritten: what is known of its sequences says nothing of the new ones. */
  forgetSequences() {
    this.#changedAt = 0;
    this.#known = { ...this.#known, lastSequence: 0 };
  }

  /** Whether that is news: every stream says it anew. */
  endIsNear({ expiresAt, secondsLeft }) {
    const told = `${expiresAt} ${secondsLeft <= LAST_WARNING_S}`;
    const isNews = told !== this.#expiring;
    this.#expiring = told;
    return isNews;
  }

  #changeable() {
    const { expiresAt, locked, proofRequired, properties } = this.#known;
    return { expiresAt, locked, proofRequired, properties };
  }
}

/** What entries change of what is known of a room. */
export const CHANGES = {
  deadline: ({ expiresAt }) => ({ expiresAt }),
  admission: ({ locked, proofRequired }) => ({ locked, proofRequired }),
  role: () => ({}),
  property: ({ name, value }, { properties }) => {
    const { [name]: before, ...others } = properties ?? {};
    return { properties: value === undefined ? others : { ...others, [name]: value } };
  },
};
