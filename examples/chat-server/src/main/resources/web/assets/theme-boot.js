// A classic script on purpose: it runs before the first paint, so a chosen theme never flashes.
try {
  const chosen = localStorage.getItem("ephemeral-chat:theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is switched off: the system's preference decides.
}
