// Preferences only (name, theme). Nothing that was said in a room, no code and no token is ever stored.
const PREFIX = "ephemeral-chat:";

export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // Storage may be switched off or full; a preference is then good for this visit only.
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}
