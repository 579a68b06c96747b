/**
 * Fog and pine for everything that stays calm; ember only for what burns: time, and the end of a room. A host sets each of
 * them as `--chat-...`; light or dark is the page's `color-scheme`.
 */
export const tokens = `
:host {
  --paper: var(--chat-paper, light-dark(#eef2f0, #0e1412));
  --surface: var(--chat-surface, light-dark(#fbfcfb, #161e1b));
  --sunken: var(--chat-sunken, light-dark(#e4eae7, #0a0f0d));
  --ink: var(--chat-ink, light-dark(#15211d, #e5edea));
  --soft: var(--chat-soft, light-dark(#52605a, #9dada6));
  --line: var(--chat-line, light-dark(#cdd7d2, #2a3631));
  --edge: var(--chat-edge, light-dark(#7c8c85, #6a7a73));
  --faded: var(--chat-faded, light-dark(#72827b, #63736c));
  --accent: var(--chat-accent, light-dark(#0b5d4e, #83d3ba));
  --accent-strong: var(--chat-accent-strong, light-dark(#084638, #a5e3cf));
  --on-accent: var(--chat-on-accent, light-dark(#ffffff, #06231b));
  --own: var(--chat-own, light-dark(#d3e6de, #1d3d34));
  --ember: var(--chat-ember, light-dark(#b5380f, #ff9469));
  --ember-glow: var(--chat-ember-glow, #ff7a45);
  --ember-soft: var(--chat-ember-soft, light-dark(#fbe4da, #3a1f15));
  --danger: var(--chat-danger, light-dark(#a9300c, #ff9469));
  --on-danger: var(--chat-on-danger, light-dark(#ffffff, #2a0f05));
  --hue-0: var(--chat-hue-0, light-dark(#0b5d8a, #82c4ee));
  --hue-1: var(--chat-hue-1, light-dark(#7a3f9c, #cfa6ec));
  --hue-2: var(--chat-hue-2, light-dark(#96442a, #f0a98d));
  --hue-3: var(--chat-hue-3, light-dark(#47661b, #b3d07f));
  --hue-4: var(--chat-hue-4, light-dark(#a12a5e, #f29fc3));
  --hue-5: var(--chat-hue-5, light-dark(#3b52a8, #a9b8f7));
  --hue-6: var(--chat-hue-6, light-dark(#79570f, #e3bf6e));
  --hue-7: var(--chat-hue-7, light-dark(#14675f, #79d0c6));
  --shadow: 0 1px 2px light-dark(rgb(20 40 32 / 0.06), rgb(0 0 0 / 0.4)), 0 8px 28px light-dark(rgb(20 40 32 / 0.07), rgb(0 0 0 / 0.3));
  --sans: var(--chat-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif);
  --mono: var(--chat-font-mono, ui-monospace, "SF Mono", "Cascadia Code", "Roboto Mono", "DejaVu Sans Mono", "Liberation Mono", monospace);
  --round: var(--chat-round, 10px);
  display: block; block-size: 36rem; max-block-size: 100dvh; min-inline-size: 0;
}
:host([hidden]) { display: none; }

/* What changes with the width goes by the element's, not by the window's. */
.frame { container: chat / inline-size; block-size: 100%; overflow-y: auto; background: var(--paper); color: var(--ink); font: 1rem/1.5 var(--sans); text-align: start; overflow-wrap: anywhere; }
.frame[data-screen="room"] { overflow: hidden; }
.hue-0 { --hue: var(--hue-0); } .hue-1 { --hue: var(--hue-1); } .hue-2 { --hue: var(--hue-2); } .hue-3 { --hue: var(--hue-3); }
.hue-4 { --hue: var(--hue-4); } .hue-5 { --hue: var(--hue-5); } .hue-6 { --hue: var(--hue-6); } .hue-7 { --hue: var(--hue-7); }
`;
