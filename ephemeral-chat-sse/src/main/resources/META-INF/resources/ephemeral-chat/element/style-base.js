export const base = `
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }

h1, h2, p { margin: 0; }
h1, h2 { line-height: 1.15; text-wrap: balance; }
h2 { font-size: 1.0625rem; font-weight: 650; letter-spacing: -0.01em; }
a { color: var(--_accent); text-underline-offset: 0.15em; }

:focus { outline: none; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; border-radius: 4px; }
h1:focus-visible { outline: none; }

.visually-hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}

.icon {
  flex: none; width: 1.25em; height: 1.25em; fill: none; stroke: currentColor;
  stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round;
}

.hint { color: var(--_soft); font-size: 0.875rem; line-height: 1.45; }
.problem { color: var(--_ember); font-size: 0.875rem; font-weight: 550; }
.problem:empty { display: none; }
.lead { color: var(--_soft); font-size: 1.125rem; line-height: 1.55; text-wrap: pretty; }
.code-text { font-family: var(--_mono); font-variant-ligatures: none; letter-spacing: 0.02em; white-space: nowrap; }
.code-text span + span { padding-inline-start: 0.28em; }

button, input, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; }
button:disabled, button[aria-disabled="true"] { cursor: default; opacity: 0.55; }

.button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem; min-height: 2.75rem; padding: 0.5rem 1rem;
  border: 1px solid var(--_line); border-radius: var(--_round); background: var(--_surface); color: var(--_ink);
  font-weight: 600; line-height: 1.2; white-space: nowrap;
}
.button:hover { border-color: var(--_edge); }
.button:active { transform: translateY(1px); }
.button:focus-visible { border-radius: var(--_round); }
.button.primary { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
.button.primary:hover { background: var(--_accent-strong); }
.button.danger { background: var(--_danger); border-color: var(--_danger); color: var(--_on-danger); }
.button.danger-quiet { color: var(--_danger); }
.button.danger-quiet:hover { border-color: var(--_danger); background: var(--_ember-soft); }

.button.small { min-height: 2.5rem; padding: 0.25rem 0.75rem; font-size: 0.875rem; }

.link-button {
  padding: 0.25rem 0.375rem; border: 0; background: none; color: inherit; font-weight: 600;
  text-decoration: underline; text-underline-offset: 0.2em;
}
.icon-button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.375rem; min-width: 2.75rem; height: 2.75rem;
  border: 0; border-radius: var(--_round); background: none; font-weight: 600; font-variant-numeric: tabular-nums;
}
.icon-button:hover { background: var(--_sunken); }

.field { display: grid; gap: 0.5rem; }
.field label { font-weight: 600; font-size: 0.9375rem; }
.optional { margin-inline-start: 0.5rem; color: var(--_soft); font-weight: 400; font-size: 0.875rem; }
input, select, textarea {
  width: 100%; min-width: 0; min-height: 2.75rem; padding: 0.5rem 0.75rem;
  border: 1px solid var(--_edge); border-radius: var(--_round); background: var(--_surface);
}
input:focus-visible { border-radius: var(--_round); outline-offset: -1px; border-color: var(--_accent); }
input[aria-invalid="true"] { border-color: var(--_ember); }
input::placeholder, textarea::placeholder { color: var(--_soft); opacity: 1; }
input[type="number"] { appearance: textfield; font-variant-numeric: tabular-nums; }
input[type="number"]::-webkit-inner-spin-button { appearance: none; margin: 0; }
.waiting-time { font-variant-numeric: tabular-nums; }
.waiting-time:empty { display: none; }
.with-button { display: flex; gap: 0.5rem; }
.with-button input { flex: 1; }

.dialog {
  width: min(26rem, calc(100vw - 2rem)); padding: 1.5rem; border: 1px solid var(--_line); border-radius: 16px;
  background: var(--_surface); color: var(--_ink); box-shadow: var(--_shadow);
}
.dialog[open] { display: grid; gap: 0.75rem; }
.dialog h2 { font-size: 1.25rem; }
.dialog p { color: var(--_soft); }
.dialog .problem { color: var(--_ember); }
.dialog::backdrop { background: rgb(8 14 12 / 0.55); }
.check { display: flex; align-items: center; gap: 0.5rem; }
.check input { width: 1.25rem; min-height: 1.25rem; height: 1.25rem; flex: none; }
.check input { accent-color: var(--_accent); }
.afterwards { display: grid; gap: 0.75rem; margin: 0.25rem 0 0; padding: 0; border: 0; }
.afterwards legend { margin-bottom: 0.5rem; padding: 0; font-weight: 600; }
.key-field .problem:not(:empty) + .hint { display: none; }
/* Light all around, also on a dark page: cameras look for dark on light. */
.qr { justify-self: center; width: min(17rem, 100%); aspect-ratio: 1; border-radius: 12px; background: #fff; overflow: hidden; forced-color-adjust: none; }
.qr svg { display: block; width: 100%; height: 100%; }
.dialog-actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.5rem; margin-top: 0.5rem; }

@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
@media (forced-colors: active) {
  .fuse-left, .mark { forced-color-adjust: none; }
  .chip[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText; }
}
`;
