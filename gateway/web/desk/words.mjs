/** People's words as nodes: web addresses become links, everything else stays text. */

import { html } from "/web/shared/html.mjs";

const ADDRESS = /https?:\/\/[^\s<>"'）】》，。；！？]*[^\s<>"'）】》，。；！？.,;:!?)\]]/gi;

/** @param {{text: string}} props */
export function Words({ text }) {
  /** @type {any[]} */
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    nodes.push(text.slice(end, match.index));
    nodes.push(html`<a href=${match[0]} target="_blank" rel="noopener noreferrer nofollow">${match[0]}</a>`);
    end = match.index + match[0].length;
  }
  nodes.push(text.slice(end));
  return html`<p class="words" dir="auto">${nodes}</p>`;
}
