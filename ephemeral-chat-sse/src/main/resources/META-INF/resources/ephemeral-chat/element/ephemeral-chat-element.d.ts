import { ChatError, HostOptions, Message, Room, RoomEnd } from "../ephemeral-chat.js";

/**
 * `<ephemeral-chat>`: rooms as one tag. Importing the module defines it; where there are no elements, as on a server that renders
 * pages, it defines nothing.
 *
 * It shows a lobby, the invitation to a room, the room, and its end, in a shadow tree. It needs no policy beside the client's: its
 * styles are constructed, and nothing in it is markup from people. Several on one page, and elements in frames of other sites, know
 * nothing of each other. What is written and not sent yet is in `sessionStorage` until it is sent, discarded, or the room has
 * ended; a name that somebody has chosen is in `localStorage`.
 *
 * Slots: `brand` and `tools` (above each screen; `tools` also at the foot of the panel), `intro` (what the lobby says),
 * `empty` (a room in which nothing is said yet), `ended` (below what the end says).
 *
 * Parts: `topline`, `lobby`, `invite`, `room`, `ended`, `card`, `button`, `button-primary`, `input`, `bar`, `countdown`, `log`,
 * `message`, `message-own`, `message-text`, `seal`, `notice`, `typing`, `composer`, `composer-input`, `send`, `panel`, `members`, `dialog`.
 *
 * Custom properties: `--chat-paper`, `--chat-surface`, `--chat-sunken`, `--chat-ink`, `--chat-soft`, `--chat-faded`, `--chat-line`,
 * `--chat-edge`, `--chat-accent`, `--chat-accent-strong`, `--chat-on-accent`, `--chat-own`, `--chat-ember`, `--chat-ember-glow`,
 * `--chat-ember-soft`, `--chat-danger`, `--chat-on-danger`, `--chat-hue-0` to `--chat-hue-7`, `--chat-font`, `--chat-font-mono`,
 * `--chat-round`. Light or dark is the page's `color-scheme`, and the direction of writing the page's `dir`. The element is as
 * large as the page makes it, 36rem high where the page says nothing; its layout follows its own width.
 */
export class EphemeralChatElement extends HTMLElement {
  /** Attribute `base`: where the server's rooms are, such as `/chat`, which it is where the attribute is absent. */
  base: string;
  /**
   * Attribute `code`: the room that is shown, or the lobby where it is empty. It follows where the person goes; once set, it
   * leads there. A link with a code in it is taken as well, and a key in it then becomes `key`.
   */
  code: string;
  /** Attribute `name`: what the person is called, or, with the feature `name`, what the field for it begins with. */
  name: string;
  /**
   * Attribute `link`: how the link to a room looks, such as `/room/{code}`; the key of an encrypted room follows as its
   * fragment. Without it no link is offered, only the code, with the key behind it.
   */
  link: string;
  /**
   * Attribute `encryption`: which rooms people make here. `choice`, as where the attribute is absent: end-to-end encrypted ones,
   * unless the person wants a plain one. `on`: encrypted ones only. `off`: plain ones only, for a host that has to read
   * what is said. A browser without WebCrypto (no https) makes plain ones only, and none where it is `on`. Every room is
   * shown as what it is, whoever has made it.
   */
  encryption: string;
  /**
   * The key of the encrypted room that `code` names, as `takeKey` gives it; null where there is none, and once the seat is
   * taken. No attribute, so that it is in no markup. Set it in the same task as `code`, or later.
   */
  key: string | null;
  /**
   * Attribute `features`, words with spaces between them; null is all but `auto-join`. Changes show with the next screen.
   *
   * @param value an array is taken as well
   */
  get features(): Feature[] | null;
  set features(value: Feature[] | string | null);
  /** The host's `fetch`, headers and credentials for each request; `{}` at first. */
  options: HostOptions;
  /**
   * A host's own words in place of the element's, by their keys (see `words-en.js`). An entry with several forms is chosen by
   * its `count`. The language is that of the nearest `lang`: English, German and Spanish are there.
   */
  words: Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>;

  /** The room that is shown, or null. */
  readonly room: Room | null;
  /** What is shown; empty as long as the element is in no document. */
  readonly screen: Screen | "";
  /** How many messages of others came since the person was last at the end and looking. */
  readonly unread: number;
  /** Whether something is written and not sent. */
  readonly hasUnsent: boolean;
  /** Whether the panel covers the conversation; false where there is room for both. */
  panelOpen: boolean;

  /** Puts the focus on what is written in: the composer, or the first field of a form. */
  focus(options?: FocusOptions): void;

  addEventListener<K extends keyof ElementEventMap>(
    type: K,
    listener: (this: EphemeralChatElement, event: ElementEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

/**
 * What the element offers: to `create` a room, to `join` one by its code, to choose a `name`, a `passcode`, the `code` and ways to
 * share it, the list of `members`, to `steer` the room as its owner, to `leave`, to `destroy`, to `forget` messages. `typing` and `presence`
 * are asked for when a room is created, told to the others, and shown; a room has them for good or not at all. `auto-join` takes a seat
 * without asking; where the host knows who it is, the server names the person.
 */
export type Feature = "create" | "join" | "name" | "passcode" | "code" | "members" | "steer" | "leave" | "destroy" | "forget" | "typing" | "presence" | "auto-join";

export type Screen = "lobby" | "opening" | "invite" | "room" | "ended";

/** The events of the element; they do not bubble. */
export interface ElementEventMap {
  /** Another screen is shown; `title` names it in the person's language. `code` is empty in the lobby. */
  screen: CustomEvent<{ screen: Screen; code: string; title: string }>;
  /** This browser has a seat, and its room is shown. */
  joined: CustomEvent<{ code: string; room: Room }>;
  /** Its seat was freed; `own` where it was done here. */
  left: CustomEvent<{ code: string; own: boolean }>;
  /** The room ended. */
  ended: CustomEvent<{ code: string; reason: Exclude<RoomEnd["reason"], "left">; own: boolean }>;
  /** Somebody's message, own ones and the history too. */
  message: CustomEvent<Message>;
  /** The number of unread messages has changed. */
  unread: CustomEvent<{ count: number }>;
  /** The panel was opened over the conversation, or closed: a page may make that a step in its history. */
  panel: CustomEvent<{ open: boolean }>;
  /** What the person asked for did not work; the element says so itself. */
  error: CustomEvent<{ error: ChatError }>;
}

declare global {
  interface HTMLElementTagNameMap {
    "ephemeral-chat": EphemeralChatElement;
  }
}
