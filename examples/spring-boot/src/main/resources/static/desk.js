import { onEnd, showChat } from "/chat-panel.js";
import { call, find } from "/shop.js";

let chosen = null;
onEnd(() => {
  chosen = null;
  find("title").textContent = "No chat chosen";
  look();
});

function button({ code, name, since }) {
  const minutes = Math.floor((Date.now() - Date.parse(since)) / 60_000);
  const element = document.createElement("button");
  const title = document.createElement("b");
  title.textContent = name;
  const when = document.createElement("span");
  when.className = "soft";
  when.textContent = minutes < 1 ? "asked just now" : `asked ${minutes} min ago`;
  element.append(title, when);
  element.dataset.role = "request";
  element.setAttribute("aria-current", String(code === chosen));
  element.addEventListener("click", () => choose(code, name));
  return element;
}

function choose(code, name) {
  if (code === chosen) return;
  chosen = code;
  showChat(code);
  find("title").textContent = name;
  look();
}

async function look() {
  const requests = await call("GET", "/desk/requests");
  find("nobody").hidden = requests.length > 0;
  const items = requests.map((request) => {
    const item = document.createElement("li");
    item.append(button(request));
    return item;
  });
  find("requests").replaceChildren(...items);
}

await look();
setInterval(look, 2000);
