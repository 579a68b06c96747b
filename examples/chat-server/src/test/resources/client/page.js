// A host's page that notes what its room tells; the tests look at it.
const query = new URLSearchParams(location.search);
// Before the client looks for them, as in a browser that has none.
if (query.has("without-locks")) Object.defineProperty(Navigator.prototype, "locks", { value: undefined });

const client = await import("/ephemeral-chat/ephemeral-chat.js");

const tab = {
  ...client,
  chat: new client.EphemeralChat(query.get("chat") ?? "/chat"),
  told: [],
  seen: [],
  heard: [],
  end: null,
  follow(room) {
    tab.room = room;
    for (const type of ["message", "entry", "cue", "typing", "presence", "forgotten", "claimed", "joined", "left", "participants", "property", "expiring", "reset", "connection", "delayed", "unreadable", "tick", "end"]) {
      room.addEventListener(type, ({ detail }) => tab.told.push({ type, detail }));
    }
    room.addEventListener("message", ({ detail }) => {
      tab.seen.push(detail.text);
      tab.heard.push({ name: detail.sender.name, text: detail.text, mixedUp: detail.sender.mixedUp ?? false });
    });
    // As the page of a host should: what was shown is dropped.
    room.addEventListener("reset", () => tab.seen.splice(0));
    room.addEventListener("end", ({ detail }) => (tab.end = detail));
    room.start();
    return room.code;
  },
};
globalThis.tab = tab;
