import { EphemeralChat, newMessageId } from "/ephemeral-chat/ephemeral-chat.js";
import { find } from "/shop.js";

const chat = new EphemeralChat("/chat");

const ENDS = {
  expired: "The half hour is over.",
  destroyed: "This chat was ended.",
  lost: "This chat was lost.",
  left: "You have left this chat.",
  gone: "This chat is over.",
};

/** The one chat that a page shows. Nothing of it stays when it is over. */
export class ChatPanel {
  #panel = find("chat");
  #room = null;
  #lines = new Map();
  #onEnd;

  constructor(onEnd) {
    this.#onEnd = onEnd;
    find("end").addEventListener("click", () => this.#room?.destroy().catch(() => this.#problem("Please try again.")));
  }

  /** Takes the seat that the shop's user has in the room, and shows what is said there. */
  async show(code) {
    this.#room?.close();
    this.#clear();
    const room = await chat.join(code);
    this.#room = room;
    this.#build();
    room.addEventListener("message", ({ detail }) => this.#message(detail));
    room.addEventListener("joined", ({ detail }) => this.#note(detail.participant, "is here"));
    room.addEventListener("left", ({ detail }) => this.#note(detail.participant, "has left"));
    room.addEventListener("reset", () => this.#forget());
    room.addEventListener("delayed", () => this.#problem("Not sent yet: it is tried again by itself."));
    room.addEventListener("tick", ({ detail: left }) => this.#tick(left));
    room.addEventListener("connection", () => this.#tick(room.msLeft));
    room.addEventListener("end", ({ detail: { reason } }) => this.#ended(ENDS[reason] ?? ENDS.gone));
    room.start();
  }

  #build() {
    find("empty").hidden = true;
    find("end").hidden = false;
    const messages = document.createElement("ol");
    messages.className = "messages";
    messages.dataset.role = "messages";
    messages.setAttribute("role", "log");
    messages.tabIndex = 0;
    messages.setAttribute("aria-label", "Messages");
    const problem = document.createElement("p");
    problem.className = "problem";
    problem.dataset.role = "problem";
    problem.setAttribute("role", "status");
    this.#panel.append(messages, problem, this.#composer());
    find("composer").focus();
  }

  #composer() {
    const form = document.createElement("form");
    form.className = "composer";
    const field = document.createElement("textarea");
    field.dataset.role = "composer";
    field.rows = 1;
    field.maxLength = 4000;
    field.placeholder = "Write a message";
    field.setAttribute("aria-label", "Message");
    const send = document.createElement("button");
    send.className = "button main";
    send.dataset.role = "send";
    send.textContent = "Send";
    form.append(field, send);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text === "") return;
      field.value = "";
      this.#say(text);
    });
    return form;
  }

  async #say(text) {
    const id = newMessageId();
    this.#line(id, text, "mine waiting");
    try {
      await this.#room.post(text, { id });
      this.#problem("");
    } catch (error) {
      this.#lines.get(id)?.remove();
      this.#lines.delete(id);
      if (this.#room?.ended) return;
      const field = find("composer");
      field.value = field.value || text;
      this.#problem("That was not sent.");
    }
  }

  #message({ id, text, sender }) {
    const mine = sender.id === this.#room.me.id;
    const line = this.#lines.get(id) ?? this.#line(id, text, "");
    line.className = mine ? "mine" : "";
    line.setAttribute("aria-label", `${mine ? "You" : sender.name}: ${text}`);
    line.parentElement.append(line); // In the room's order, wherever it waited.
    this.#scroll();
  }

  #note(participant, words) {
    if (participant.id !== this.#room.me.id) this.#line(newMessageId(), `${participant.name} ${words}`, "note");
  }

  #line(id, text, kind) {
    const line = document.createElement("li");
    line.className = kind;
    line.textContent = text;
    line.dataset.role = kind === "note" ? "note" : "message";
    this.#lines.set(id, line);
    find("messages").append(line);
    this.#scroll();
    return line;
  }

  #scroll() {
    const messages = find("messages");
    messages.scrollTop = messages.scrollHeight;
  }

  #tick(left) {
    const minutes = Math.ceil(left / 60_000);
    const live = this.#room?.connection === "live";
    find("state").textContent = live ? `gone in ${minutes} min` : "connecting …";
    this.#panel.dataset.state = this.#room?.connection ?? "";
  }

  #problem(words) {
    find("problem").textContent = words;
  }

  #forget() {
    for (const line of this.#lines.values()) line.remove();
    this.#lines.clear();
  }

  #clear() {
    this.#lines.clear();
    for (const element of this.#panel.querySelectorAll(".messages, .problem, .composer")) element.remove();
    find("end").hidden = true;
    find("empty").hidden = false;
  }

  #ended(words) {
    this.#room = null;
    this.#clear();
    find("words").textContent = `${words} Nothing of it is kept.`;
    find("state").textContent = "over";
    this.#panel.dataset.state = "over";
    this.#onEnd?.();
  }
}
