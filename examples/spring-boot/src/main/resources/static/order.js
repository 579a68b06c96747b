import { onEnd, showChat } from "/chat-panel.js";
import { call, find } from "/shop.js";

onEnd(() => (find("ask").textContent = "Start another chat"));

find("ask").addEventListener("click", async () => showChat((await call("POST", "/support/chat")).code));

// After a reload the chat goes on.
const current = await call("GET", "/support/chat");
if (current) showChat(current.code);
