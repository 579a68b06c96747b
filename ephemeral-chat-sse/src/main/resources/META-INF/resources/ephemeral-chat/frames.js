import { ChatError } from "./error.js";

const MAX_FRAME = 1 << 20;

/** The frames of an event stream; a comment comes as an empty one, for it is a sign of life. */
export async function* frames(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let frame = {};
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r?\n/);
    rest = lines.pop();
    if (rest.length > MAX_FRAME) throw new ChatError("network");
    for (const line of lines) {
      if (line !== "") addField(frame, line);
      else {
        yield frame;
        frame = {};
      }
    }
  }
}

function addField(frame, line) {
  const [, name, value] = /^([^:]*):? ?(.*)$/s.exec(line);
  if (name === "data") frame.data = frame.data === undefined ? value : `${frame.data}\n${value}`;
  else if (name === "event") frame.type = value;
  else if (name === "id" || name === "retry") frame[name] = value;
}

export function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
