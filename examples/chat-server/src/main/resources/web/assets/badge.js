const SIZE = 32;
const MANY = 99;

/** The page's icon with a number in it; without one for 0. */
export function showBadge(count) {
  const link = document.querySelector("link[rel=icon]");
  link.dataset.plain ??= link.href;
  link.href = count === 0 ? link.dataset.plain : `data:image/svg+xml,${encodeURIComponent(drawn(count > MANY ? `${MANY}+` : String(count)))}`;
  link.dataset.count = String(count);
}

function drawn(text) {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}"><rect width="32" height="32" rx="8" fill="#b5380f"/>` +
    `<text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="${text.length > 2 ? 15 : 20}" fill="#fff">${text}</text></svg>`
  );
}
