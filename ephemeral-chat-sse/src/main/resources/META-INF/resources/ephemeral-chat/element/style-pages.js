export const pages = `
/* Lobby, invitation and end: pages with room to breathe. */
.lobby, .invite, .ended, .waiting { width: min(100%, 68rem); margin: 0 auto; padding: 1rem 1.25rem 3rem; }
.topline { display: flex; align-items: center; justify-content: space-between; gap: 1rem; grid-column: 1 / -1; }
.lobby { display: grid; gap: 1rem; }
.pitch { display: grid; gap: 1.25rem; align-content: start; margin-bottom: 1rem; }
.pitch h1 { font-size: clamp(2.5rem, 11cqi, 3.5rem); font-weight: 720; letter-spacing: -0.04em; line-height: 1; }
.fading { color: var(--_faded); }
.pitch .lead { max-width: 30rem; }
.pitch .hint { max-width: 26rem; padding-inline-start: 0.875rem; border-inline-start: 2px solid var(--_line); }
.desk { display: grid; gap: 1rem; align-content: start; }
.card {
  display: grid; gap: 1.125rem; padding: 1.25rem; min-width: 0;
  border: 1px solid var(--_line); border-radius: 16px; background: var(--_surface);
}
.card .primary { min-height: 3rem; }

.chips { display: grid; grid-template-columns: repeat(5, auto); gap: 0.375rem; }
.chip {
  min-height: 2.75rem; padding: 0.25rem; border: 1px solid var(--_line); border-radius: var(--_round);
  background: var(--_surface); font-size: 0.9375rem; font-weight: 600; white-space: nowrap;
}
.chip:hover { border-color: var(--_edge); }
.chip:focus-visible { border-radius: var(--_round); }
.chip[aria-pressed="true"] { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
.ttl-row { display: grid; grid-template-columns: auto 1fr; align-items: center; gap: 1rem; }
.unit { display: flex; align-items: center; gap: 0.5rem; color: var(--_soft); }
.unit input { width: 5.5rem; color: var(--_ink); }
.field.inline { grid-template-columns: 1fr auto; align-items: center; }
.field.inline select { width: 11rem; text-overflow: ellipsis; }
.field.inline .problem, .field.inline .hint { grid-column: 1 / -1; }
.field.optional-field input { width: 11rem; }
.seal-field { display: grid; gap: 0.25rem; padding: 0.75rem 0.875rem; border-radius: var(--_round); background: var(--_sunken); }
.seal-what { display: flex; align-items: flex-start; gap: 0.5rem; font-weight: 600; font-size: 0.9375rem; line-height: 1.35; }
.seal-field .check { min-height: 2.25rem; font-size: 0.9375rem; }
.stepper { display: flex; gap: 0.375rem; }
.stepper input { width: 4.5rem; text-align: center; }
.stepper .button { width: 2.75rem; padding: 0; font-size: 1.25rem; }
.code-input { font-family: var(--_mono); }

.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.card .actions .primary { flex: 1; }
.invite, .ended { display: grid; gap: 1.25rem; align-content: start; width: min(100%, 40rem); }
.invite .topline, .ended .topline { margin-bottom: clamp(0rem, 7vh, 5rem); }
.eyebrow { color: var(--_soft); font-weight: 600; }
.big-code { margin-top: -0.75rem; font-size: clamp(2.75rem, 14cqi, 4.5rem); font-weight: 600; line-height: 1; }
.big-code .code-text { letter-spacing: -0.03em; }
.invite .card { margin-top: 0.5rem; }
.ended h1 { font-size: clamp(2.25rem, 9cqi, 3.75rem); font-weight: 720; letter-spacing: -0.035em; }
.ended .actions { margin-top: 0.75rem; }
.waiting { display: grid; place-items: center; min-height: 100%; color: var(--_soft); animation: late 0.2s 0.4s both; }
@keyframes late { from { opacity: 0; } }

/* The fuse, burnt down: what is left of a room. */
.burnt { height: 3px; border-radius: 2px; background: repeating-linear-gradient(90deg, var(--_line) 0 10px, transparent 10px 16px); }
.burnt span { position: relative; display: block; width: 9px; height: 9px; top: -3px; border-radius: 50%; background: var(--_edge); }
.ended[data-reason="expired"] .burnt span, .ended[data-reason="destroyed"] .burnt span { animation: glow-out 2.4s ease-out both; }
@keyframes glow-out { from { background: var(--_ember-glow); box-shadow: 0 0 0 6px var(--_ember-soft); } }

@container chat (min-width: 52rem) {
  .lobby { grid-template: auto auto 1fr / 1fr minmax(24rem, 27rem); gap: 2rem clamp(2rem, 6cqi, 5rem); padding-top: 1.5rem; }
  .who { align-self: start; max-width: 30rem; }
  .desk { grid-area: 2 / 2 / 4; }
  .lobby .topline { margin-bottom: clamp(0rem, 4vh, 3rem); }
  .pitch { padding-top: 1rem; }
  .pitch h1 { font-size: clamp(3.25rem, 6cqi, 4.75rem); }
}
@container chat (max-width: 22.5rem) {
  .lobby, .invite, .ended { padding-inline: 1rem; }
  .card { padding: 1rem; }
}
@container chat (max-width: 26rem) {
  .invite .topline { margin-bottom: 0; }
  .invite .lead { font-size: 1rem; }
  .field.optional-field input { width: 9rem; }
  .chip { font-size: 0.8125rem; }
  .with-button .button { padding-inline: 0.75rem; }
  .with-button .button .icon { display: none; }
}
`;
