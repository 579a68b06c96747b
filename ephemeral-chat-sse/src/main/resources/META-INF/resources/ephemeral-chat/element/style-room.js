export const room = `
.room {
  display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr); height: 100%; overflow: hidden; position: relative;
  padding-inline-start: env(safe-area-inset-left); padding-inline-end: env(safe-area-inset-right);
}

/* Bar */
.room-bar {
  position: relative; display: flex; align-items: center; gap: 0.25rem 0.75rem; grid-column: 1 / -1;
  min-height: 3.75rem; padding: 0.5rem 0.5rem 0.5rem 1rem; background: var(--_surface); border-bottom: 1px solid var(--_line);
}
.room-id { display: flex; align-items: center; gap: 0.25rem 0.75rem; min-width: 0; }
.room-id h1 { font-size: 1.125rem; font-weight: 600; }
.copies { display: flex; gap: 0.125rem; }
.seal-badge { display: inline-flex; align-items: center; gap: 0.3125rem; flex: none; color: var(--_soft); font-size: 0.875rem; white-space: nowrap; }
.seal-badge[data-encrypted="true"] { color: var(--_accent); }
.tool {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.375rem; min-height: 2.5rem; min-width: 2.5rem; padding: 0.25rem 0.5rem;
  border: 0; border-radius: var(--_round); background: none; color: var(--_soft); font-size: 0.875rem; font-weight: 550; white-space: nowrap;
}
.tool:hover { color: var(--_ink); background: var(--_sunken); }
.done { color: var(--_accent); }
.failed { color: var(--_ember); }
.connection {
  display: inline-flex; align-items: center; gap: 0.5rem; margin-inline-start: auto; color: var(--_soft); font-size: 0.875rem; white-space: nowrap;
}
.connection::before { content: ""; width: 8px; height: 8px; border-radius: 50%; border: 2px solid var(--_edge); }
.connection[data-state="live"]::before { background: var(--_accent); border-color: var(--_accent); }
.connection[data-state="offline"], .connection[data-state="replaced"] { color: var(--_ember); }
.connection[data-state="offline"]::before, .connection[data-state="replaced"]::before { border-color: var(--_ember); }
.time-left { display: flex; align-items: baseline; gap: 0.375rem; }
.countdown {
  font: 650 1.5rem/1 var(--_mono); font-variant-numeric: tabular-nums; letter-spacing: -0.04em; white-space: nowrap;
}
.time-label { color: var(--_soft); font-size: 0.875rem; }
.urgent .countdown, .urgent .time-label { color: var(--_ember); }
.urgent .countdown { animation: breathe 1s ease-in-out infinite alternate; }
@keyframes breathe { to { opacity: 0.72; } }

/* The fuse: what is left of the room, burning down towards the left. A step each second: a transition would paint all the time. */
.fuse { --_left: 1; position: absolute; inset: auto 0 -2px; z-index: 1; height: 3px; pointer-events: none; }
.fuse-left {
  position: relative; height: 100%; width: calc(5px + (100% - 10px) * var(--_left)); background: var(--_accent); border-start-end-radius: 2px; border-end-end-radius: 2px;
}
.fuse-left::after { content: ""; position: absolute; top: 50%; inset-inline-end: 0; width: 9px; height: 9px; margin: -4.5px; border-radius: 50%; background: var(--_ember-glow); }
.urgent .fuse-left { background: var(--_ember-glow); }

/* Conversation */
.talk { position: relative; display: flex; flex-direction: column; min-width: 0; min-height: 0; }
.strip {
  display: flex; align-items: center; justify-content: space-between; gap: 1rem; padding: 0.625rem 1rem;
  background: var(--_ember-soft); font-size: 0.9375rem; line-height: 1.4;
}
.strip .button { min-height: 2.5rem; flex: none; }
.transcript { position: relative; flex: 1; min-height: 0; }
.log { height: 100%; overflow-y: auto; overscroll-behavior: contain; scrollbar-gutter: stable both-edges; }
.log:focus-visible { outline-offset: -3px; }
.log-content { display: flex; flex-direction: column; justify-content: flex-end; min-height: 100%; max-width: 50rem; margin: 0 auto; padding: 1.25rem 1rem; }
.transcript:has(+ .typing) .log-content { padding-bottom: 0.375rem; }
.row { display: grid; }
.message { position: relative; width: fit-content; max-width: min(85%, 36rem); margin-top: 0.875rem; }
.day, .unread { display: flex; align-items: center; gap: 0.75rem; margin-top: 1rem; color: var(--_soft); font-size: 0.8125rem; font-weight: 600; }
.day::before, .day::after, .unread::before, .unread::after { content: ""; flex: 1; border-top: 1px solid var(--_line); }
.unread { color: var(--_ember); }
.unread::before, .unread::after { border-color: currentColor; }
/* Of a long history only what can be seen is laid out. */
.sheet { content-visibility: auto; contain-intrinsic-size: auto 62rem; }
.sheet:last-child { content-visibility: visible; }
.message.own { margin-inline-start: auto; }
/* Beside the bubble, for whoever looks at it or comes to it by keys. */
.delete {
  position: absolute; inset-block-end: 0; inset-inline-start: 100%; display: none; place-items: center; width: 2rem; height: 2.25rem; padding: 0;
  border: 0; border-radius: 8px; background: none; color: var(--_soft); font-size: 0.875rem; opacity: 0;
}
.own .delete { inset-inline: auto 100%; }
.log[data-may-delete="all"] .delete, .log[data-may-delete="own"] .own .delete { display: grid; }
.message:hover .delete, .delete:focus-visible { opacity: 1; }
.delete:hover { color: var(--_ember); }
.message-body { display: flow-root; }
.gone { width: fit-content; padding: 0.5rem 0.8125rem; border: 1px dashed var(--_line); border-radius: 14px; color: var(--_soft); font-size: 0.9375rem; font-style: italic; }
.own .gone { margin-inline-start: auto; }
.claim { font-size: 0.9375rem; }
.until { display: block; width: fit-content; margin: 0.125rem 0.25rem 0; color: var(--_soft); font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
.own .until { margin-inline-start: auto; }
.message-head { display: flex; align-items: center; gap: 0.5rem; margin: 0 0.125rem 0.25rem; font-size: 0.875rem; line-height: 1.3; }
.own .message-head { justify-content: flex-end; }
.message-name { color: var(--_hue, var(--_soft)); font-weight: 650; }
.own .message-name { color: var(--_accent); }
.message-head time { color: var(--_soft); font-size: 0.8125rem; font-variant-numeric: tabular-nums; }
.message-text {
  width: fit-content; padding: 0.5rem 0.8125rem; border: 1px solid var(--_line); border-radius: 14px; border-start-start-radius: 4px; background: var(--_surface);
  white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden;
}
.folded { max-height: 20rem; mask-image: linear-gradient(#000 80%, transparent); }
.unfold { min-height: 2.75rem; color: var(--_accent); font-size: 0.875rem; }
.own .message-text { margin-inline-start: auto; border-color: transparent; border-start-start-radius: 14px; border-start-end-radius: 4px; background: var(--_own); }
.message.continued { margin-top: 0.25rem; }
.continued .message-head { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.continued .message-text { border-start-start-radius: 14px; border-start-end-radius: 14px; }
.message-text a { color: inherit; text-decoration-color: var(--_accent); text-decoration-thickness: 0.1em; }
.delivery { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: 0 0.25rem; min-height: 1.75rem; margin-top: 0.125rem; color: var(--_soft); font-size: 0.8125rem; }
.message[data-state="sending"] .message-text { opacity: 0.75; }
.message[data-state="waiting"] .message-text, .message[data-state="failed"] .message-text { border: 1px dashed var(--_ember); background: none; }
.message[data-state="waiting"] .delivery, .message[data-state="failed"] .delivery { color: var(--_ember); }
.message[data-state="sending"] .delivery { animation: late 0.2s 0.5s both; }
.seal { max-width: 30rem; margin: 0 auto; color: var(--_soft); font-size: 0.875rem; line-height: 1.4; text-align: center; text-wrap: balance; }
.seal .icon { margin-inline-end: 0.375rem; vertical-align: -0.25em; }
.host-word { color: var(--_soft); font-size: 0.8125rem; }
.mixed-up { display: inline-flex; align-items: center; gap: 0.25rem; flex: none; color: var(--_ember); font-size: 0.8125rem; font-weight: 600; }
.unreadable { display: flex; align-items: center; gap: 0.4375rem; }
.notice { justify-self: center; margin-top: 0.875rem; color: var(--_soft); font-size: 0.875rem; text-align: center; }
.notice.continued { margin-top: 0.125rem; }
.empty {
  position: absolute; inset: 0; display: grid; place-content: center; justify-items: center; gap: 0.375rem; padding: 1.5rem;
  color: var(--_soft); text-align: center; pointer-events: none;
}
.empty .button { margin-top: 0.75rem; pointer-events: auto; }
.ways-in { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 0.5rem; }
.empty p { max-width: 24rem; text-wrap: balance; }
.share-facts { color: var(--_ink); font-weight: 600; }
.empty-title { color: var(--_ink); font-size: 1.25rem; font-weight: 650; letter-spacing: -0.015em; }
.jump {
  position: absolute; bottom: 0.75rem; inset-inline: 0; width: fit-content; margin-inline: auto; display: flex; align-items: center; gap: 0.375rem; min-height: 2.75rem; padding: 0.25rem 1rem;
  border: 0; border-radius: 99px; background: var(--_accent); color: var(--_on-accent); font-weight: 600; box-shadow: var(--_shadow);
}
.jump:focus-visible { border-radius: 99px; }

.typing { max-width: 50rem; width: 100%; height: 1.5rem; margin: 0 auto 0.125rem; padding: 0 1.125rem; flex: none; overflow: hidden; color: var(--_soft); font-size: 0.8125rem; line-height: 1.5rem; text-overflow: ellipsis; white-space: nowrap; }

/* Composer */
.composer { padding: 0 1rem calc(0.875rem + env(safe-area-inset-bottom)); }
.composer-box {
  position: relative; display: flex; align-items: flex-end; gap: 0.375rem; max-width: 48rem; margin: 0 auto; padding: 0.3125rem;
  border: 1px solid var(--_edge); border-radius: 16px; background: var(--_surface);
}
.composer-box:focus-within { border-color: var(--_accent); box-shadow: 0 0 0 1px var(--_accent); }
.composer textarea { field-sizing: content; flex: 1; max-height: 12rem; min-height: 2.625rem; padding: 0.5rem 0.625rem; border: 0; background: none; resize: none; outline: none; line-height: 1.5; }
.life { position: relative; flex: none; }
.life summary { list-style: none; cursor: pointer; min-height: 2.625rem; min-width: 2.625rem; font-size: 1.0625rem; }
.life summary::-webkit-details-marker { display: none; }
.life-choices {
  position: absolute; bottom: calc(100% + 0.75rem); inset-inline-start: -0.3125rem; z-index: 1; display: grid; gap: 0.375rem; width: 15rem; padding: 0.875rem;
  border: 1px solid var(--_line); border-radius: 14px; background: var(--_surface); box-shadow: var(--_shadow); font-size: 0.9375rem;
}
.life-choices .check { display: flex; align-items: center; gap: 0.5rem; min-height: 2.25rem; }
.life-choices input[type="number"] { width: 6rem; }
.count { align-self: center; color: var(--_soft); font-size: 0.8125rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.count.over { color: var(--_ember); font-weight: 650; }
.send {
  display: grid; place-items: center; flex: none; width: 2.625rem; height: 2.625rem; border: 0; border-radius: 11px;
  background: var(--_accent); color: var(--_on-accent); font-size: 1.0625rem;
}
.send:hover:enabled { background: var(--_accent-strong); }
.send:disabled { background: var(--_sunken); color: var(--_soft); opacity: 1; }

/* Members */
.panel { display: flex; flex-direction: column; min-height: 0; overflow-y: auto; background: var(--_surface); }
.panel-head { display: flex; align-items: center; gap: 0.5rem; min-height: 3.25rem; padding: 0.5rem 0.5rem 0 1rem; }
.seats { color: var(--_soft); font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.panel-close { margin-inline-start: auto; }
.members { flex: 1 0 auto; max-height: 24rem; min-height: 4rem; margin: 0; padding: 0.25rem 0.5rem 0.5rem; overflow-y: auto; list-style: none; }
.find { width: auto; min-height: 2.75rem; margin: 0.375rem 1rem; }
.more { padding: 0 1rem 0.5rem; }
.member { display: flex; align-items: center; gap: 0.5rem; min-height: 2.5rem; padding: 0.25rem 0.5rem; border-radius: 8px; }
.mark {
  flex: none; min-width: 1.625rem; padding: 0.0625rem 0.25rem; border-radius: 5px; background: var(--_hue); color: var(--_surface);
  font: 650 0.6875rem/1.4 var(--_mono); text-align: center;
}
.member-name { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 0.9375rem; }
.presence { flex: none; width: 10px; height: 10px; border: 2px solid var(--_accent); border-radius: 50%; background: var(--_accent); }
.presence.away { border-color: var(--_edge); background: none; }
.badge { flex: none; padding: 0.0625rem 0.4375rem; border: 1px solid var(--_line); border-radius: 99px; color: var(--_soft); font-size: 0.75rem; font-weight: 600; }
.badge.owner { border-color: var(--_accent); color: var(--_accent); }
.choices { margin-inline-start: auto; text-align: end; }
.choices summary { display: flex; align-items: center; min-height: 2.5rem; padding: 0 0.375rem; color: var(--_soft); font-size: 0.8125rem; font-weight: 600; cursor: pointer; list-style: none; text-decoration: underline; text-underline-offset: 0.2em; }
.choices summary::-webkit-details-marker { display: none; }
/* Opened, what can be done stands below the name, and the word that closes it stays where it was. */
.choices[open] { flex-basis: 100%; margin-top: -2.5rem; }
.choices[open] summary { width: fit-content; margin-inline-start: auto; }
.member:has(.choices[open]) { flex-wrap: wrap; }
.member:has(.choices[open]) .member-name { max-width: calc(100% - 11rem); }
.choices-row { display: flex; flex-wrap: wrap; gap: 0.375rem; padding: 0 0 0.375rem; }
.choices-row .button { padding-inline: 0.5rem; font-size: 0.8125rem; }
.steering { display: grid; gap: 0.375rem; padding: 0.875rem 1rem; border-top: 1px solid var(--_line); }
.steering .field { margin-bottom: 0.5rem; }
.fact { display: flex; align-items: center; gap: 0.625rem; min-height: 2.75rem; }
.fact > .icon { color: var(--_soft); }
.fact-text { flex: 1; min-width: 0; overflow-wrap: normal; text-wrap: balance; font-size: 0.9375rem; line-height: 1.3; }
.fact-what { font-weight: 600; }
.fact-how { color: var(--_soft); }
.fact-controls { display: flex; gap: 0.375rem; }
.room-title { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 600; }
.message.host { justify-self: center; border-inline-start: 3px solid var(--_accent); padding-inline-start: 0.75rem; }
.reading { padding: 0.875rem 1rem calc(0.875rem + env(safe-area-inset-bottom)); color: var(--_soft); text-align: center; }
.panel-foot { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; padding: 0.875rem 1rem calc(0.875rem + env(safe-area-inset-bottom)); border-top: 1px solid var(--_line); }
.panel-foot .hint { grid-column: 1 / -1; }
.panel-foot .button { padding-inline: 0.5rem; font-size: 0.9375rem; }
.panel-foot ::slotted(*) { grid-column: 1 / -1; justify-self: start; }

@container chat (min-width: 48rem) {
  .with-panel.room { grid-template-columns: minmax(0, 1fr) 20rem; }
  .panel { border-inline-start: 1px solid var(--_line); }
  .panel-toggle, .panel-close { display: none; }
  .room-bar { padding: 0.5rem 1.25rem; gap: 1.5rem; }
  .countdown { font-size: 1.75rem; }
  .connection { order: 2; margin-inline-start: 0; }
  .time-left { order: 3; margin-inline-start: auto; }
  .room-id h1 { font-size: 1.375rem; }
}
@container chat (max-width: 47.99rem) {
  /* The button that opens the panel has the number of members: the panel itself waits beside the screen. */
  .panel { position: absolute; inset-block: 0; inset-inline-end: 0; z-index: 2; width: min(20rem, 88cqi); visibility: hidden; transform: translateX(100%); box-shadow: var(--_shadow); transition: transform 0.2s ease-out, visibility 0.2s; }
    .panel:dir(rtl) { transform: translateX(-100%); }
  /* Visible at once, not after the slide: what is hidden can't take the focus. */
  .panel-open .panel.panel { visibility: visible; transform: none; transition: transform 0.2s ease-out; }
  .panel-open::after { content: ""; position: absolute; inset: 0; z-index: 1; background: rgb(8 14 12 / 0.5); }
  .tool span, .connection[data-state="live"], .time-label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .tool.failed span { position: static; width: auto; height: auto; clip-path: none; }
  .long .countdown.countdown { font-size: 1.125rem; }
  /* The share sheet can copy the link too, the code can be read, and there is no room for more than two. */
  .copies:has([data-role="share"]) [data-role="copy-link"], .copies:has([data-role="show-qr"]) [data-role="copy-code"] { display: none; }
  .seal-badge[data-encrypted="false"] { order: 1; flex-basis: 100%; margin-top: -0.25rem; }
  .seal-badge[data-encrypted="true"] span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .connection { font-size: 0; gap: 0; }
  .connection:not([data-state="live"]) + .time-left { margin-inline-start: 0; }
  .time-left { margin-inline-start: auto; }
  .countdown { font-size: 1.375rem; }
  .room-id { flex-wrap: wrap; gap: 0 0.25rem; }
  .room-title { order: 1; flex-basis: 100%; margin-top: -0.25rem; color: var(--_soft); font-size: 0.875rem; }
  .room-id h1 { font-size: 1rem; }
  .copies { gap: 0; }
  .room-bar { gap: 0.375rem; padding-inline-start: 0.75rem; }
  .message { max-width: 88%; }
  .composer { padding-inline: 0.625rem; }
  .log-content { padding-inline: 0.75rem; }
  .strip { padding-inline: 0.75rem; }
}
@container chat (max-width: 23rem) {
  .tool { padding: 0.25rem; }
}
@media (pointer: coarse) {
  .delete { opacity: 1; width: 2.25rem; }
  .tool { min-width: 2.75rem; min-height: 2.75rem; }
  .choices summary, .choices .button.small, .fact-controls .button { min-height: 2.75rem; }
}
`;
