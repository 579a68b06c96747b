/** What all pages of the shop share. */

export const find = (role) => document.querySelector(`[data-role="${role}"]`);

/** Calls the shop itself; its token for changes is in a cookie. */
export async function call(method, path) {
  const token = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/)?.[1] ?? "";
  const response = await fetch(path, { method, headers: method === "GET" ? {} : { "X-XSRF-TOKEN": token } });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

find("log-out").addEventListener("click", async () => {
  const token = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/)?.[1] ?? "";
  await fetch("/logout", { method: "POST", headers: { "X-XSRF-TOKEN": token }, redirect: "manual" });
  location.assign("/login");
});
