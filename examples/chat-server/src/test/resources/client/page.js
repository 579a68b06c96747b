// A host's page that notes what its room tells; the tests look at it.
const query = new URLSearchParams(location.search);
// Before the client looks for them, as in a browser that has none.
if (query.has("without-locks")) Object.defineProperty(Navigator.prototype, "locks", { value: undefined });

const client = await import("/ephemeral-chat/ephemeral-chat.js");

const login = query.get("login");

const tab = {
  ...client,
  chat: new client.EphemeralChat(query.get("chat") ?? "/chat", login === null ? {} : { headers: { "X-Login": login } }),
  told: [],
  seen: [],
  heard: [],
  end: null,
  // Answers that have come and that the client does not have yet: by name, what lets one through.
  held: {},
  /** A way to fetch that holds back what `nameOf` gives a name. */
  holding: (nameOf) => async (url, request) => {
    const answer = await fetch(url, request);
    const name = nameOf(request.method, new URL(url).pathname);
    if (name) await new Promise((resolve) => (tab.held[name] = resolve));
    return answer;
  },
  isHeld: async (...names) => {
    while (!names.every((name) => tab.held[name])) await new Promise((resolve) => setTimeout(resolve, 5));
  },
  follow(room) {
    tab.room = room;
    for (const type of ["message", "entry", "notice", "cue", "typing", "presence", "forgotten", "claimed", "joined", "left", "participants", "property", "expiring", "reset", "connection", "delayed", "unreadable", "tick", "end"]) {
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
