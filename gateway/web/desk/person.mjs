/** How people and channels look in small: an initial on a tint of their own, and a channel's name on its chip. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const TINTS = 6;

/** The same word always gets the same tint. @param {string} word */
export function tintOf(word) {
  let sum = 0;
  for (const letter of word) sum = (sum * 31 + /** @type {number} */ (letter.codePointAt(0))) >>> 0;
  return sum % TINTS;
}

/** @param {string} name */
const initial = (name) => [...name.trim()][0]?.toUpperCase() ?? html`<${Icon} name="person" />`;

/** @param {{name: string, of: string, state?: string, size?: "s" | "m" | "l"}} props `of` is an id: it decides the tint */
export function Avatar({ name, of, state = "", size = "m" }) {
  return html`
    <span class=${`avatar avatar--${size} tint-${tintOf(of)}`} aria-hidden="true">
      ${initial(name)}${state ? html`<span class=${`avatar__state presence-dot presence-dot--${state}`}></span>` : null}
    </span>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function ChannelMark({ desk, conversation }) {
  return html`<span class="channel" title=${conversation.inbox}>${desk.channelName(conversation.channel)}</span>`;
}
