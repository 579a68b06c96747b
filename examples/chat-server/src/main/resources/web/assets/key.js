import { takeKey } from "../ephemeral-chat/ephemeral-chat.js";

/** The key in the link that was opened. This runs before the rest of the page is loaded: the address keeps it no longer than that. */
export const keyOfLink = takeKey();
