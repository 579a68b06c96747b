import { german } from "./words-de.js";
import { english } from "./words-en.js";
import { spanish } from "./words-es.js";

const CATALOGUE = { en: english, de: german, es: spanish };

/** The words of one language: a host's own first, then the element's, English where both have none. */
export class Words {
  #words;
  #plural;
  #clock;
  #full;
  #day;

  constructor(lang, own = {}) {
    const known = supported(lang);
    this.lang = known;
    this.#words = { ...english, ...CATALOGUE[known.split("-")[0]], ...own };
    this.#plural = new Intl.PluralRules(known);
    this.#clock = new Intl.DateTimeFormat(known, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    this.#full = new Intl.DateTimeFormat(known, { dateStyle: "medium", timeStyle: "medium" });
    this.#day = new Intl.DateTimeFormat(known, { weekday: "long", day: "numeric", month: "long" });
  }

  has(key) {
    return this.#words[key] !== undefined;
  }

  text(key, values = {}) {
    return this.#entry(key, values).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  /** The text as nodes, where a value is a node: a name may be written in another direction. */
  nodes(key, values) {
    const parts = this.#entry(key, values).split(/\{(\w+)\}/);
    return parts.map((part, i) => (i % 2 === 0 ? part : values[part])).filter((part) => part !== "");
  }

  /** `15:40`. */
  clock(date) {
    return this.#clock.format(date);
  }

  /** Date and time in full. */
  full(date) {
    return this.#full.format(date);
  }

  /** `Friday 27 November`, or `Today`. */
  day(date) {
    return date.toDateString() === new Date().toDateString() ? this.text("messages.today") : this.#day.format(date);
  }

  #entry(key, values) {
    const entry = this.#words[key] ?? key;
    return typeof entry === "string" ? entry : entry[this.#plural.select(values.count)] ?? entry.other;
  }
}

/** The tag itself, where the browser knows it; a host may bring words of any language. */
function supported(lang) {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? "en";
  } catch {
    return "en";
  }
}
