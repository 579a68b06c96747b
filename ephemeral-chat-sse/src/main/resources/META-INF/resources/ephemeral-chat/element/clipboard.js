/** Copies text and tells whether it worked. The clipboard interface is missing on plain http, hence the old way too. */
export async function copy(text, ui) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text, ui);
  }
}

function copyTheOldWay(text, ui) {
  const before = ui.focused;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  ui.overlay(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before?.focus();
  return copied;
}
