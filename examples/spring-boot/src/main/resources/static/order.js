import { ChatPanel } from "/chat-panel.js";
import { call, find } from "/shop.js";

const panel = new ChatPanel(() => (find("ask").textContent = "Start another chat"));

find("ask").addEventListener("click", async () => panel.show((await call("POST", "/support/chat")).code));

// After a reload the chat goes on.
const current = await call("GET", "/support/chat");
if (current) await panel.show(current.code);
