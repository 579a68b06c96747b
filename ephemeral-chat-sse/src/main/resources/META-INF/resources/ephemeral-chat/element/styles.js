import { base } from "./style-base.js";
import { pages } from "./style-pages.js";
import { room } from "./style-room.js";
import { tokens } from "./style-tokens.js";

let sheets = null;

/** The style sheets, made once for all elements of a page; no policy has to allow them. */
export function styles() {
  sheets ??= [tokens, base, pages, room].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return sheets;
}
