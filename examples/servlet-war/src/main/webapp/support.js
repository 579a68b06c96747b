"use strict";

const at = id => document.getElementById(id);
const status = text => { at("status").textContent = text; };

async function call(method, path, body) {
  const answer = await fetch("chat" + path, {
    method,
    headers: body ? {"Content-Type": "application/json"} : {},
    body: body && JSON.stringify(body)
  });
  if (!answer.ok) {
    throw new Error((await answer.json()).detail);
  }
  return answer.status === 204 ? null : answer.json();
}

/** A line on the page; text only, whatever somebody wrote. */
function show(text) {
  const line = document.createElement("li");
  line.textContent = text;
  at("messages").append(line);
}

/** The token is in a cookie that only the server sees, so the stream is authenticated by itself. */
function listen(path) {
  const stream = new EventSource("chat" + path + "/events");
  stream.addEventListener("message", event => {
    const message = JSON.parse(event.data);
    show(message.sender.name + ": " + message.text);
  });
  stream.addEventListener("joined", event => show(JSON.parse(event.data).participant.name + " is here"));
  stream.addEventListener("reset", () => at("messages").replaceChildren());
  stream.addEventListener("destroyed", () => {
    stream.close();
    at("room").hidden = true;
    at("messages").replaceChildren();
    status("The room is over, and nothing of it is left.");
  });
}

function enter(membership) {
  const path = "/rooms/" + membership.room.id;
  at("enter").hidden = true;
  at("room").hidden = false;
  at("shown").textContent = membership.room.id;
  at("until").textContent = new Date(membership.room.expiresAt).toLocaleTimeString();
  status("");
  listen(path);
  at("say").onsubmit = event => {
    event.preventDefault();
    // The id makes a repeated post the same one.
    const message = {text: at("text").value, id: Math.random().toString(36).slice(2)};
    call("POST", path + "/messages", message).then(() => { at("text").value = ""; }, error => status(error.message));
  };
  at("destroy").onclick = () => call("DELETE", path).catch(error => status(error.message));
}

at("enter").onsubmit = event => {
  event.preventDefault();
  const code = at("code").value.trim();
  const body = at("name").value ? {name: at("name").value} : {};
  call("POST", code ? "/rooms/" + encodeURIComponent(code) + "/participants" : "/rooms", body)
    .then(enter, error => status(error.message));
};
