/**
 * Our setup guides as nodes: the part of Markdown that they use, and nothing that could become markup. What it does not know
 * stays text; addresses other than http(s) do not become links.
 */

import { html } from "/web/shared/html.mjs";

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g;

/** @param {string} text @returns {any[]} */
function inline(text) {
  /** @type {any[]} */
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, strong, soft, words, address] = match;
    nodes.push(text.slice(end, match.index));
    if (code) nodes.push(html`<code>${code}</code>`);
    else if (strong) nodes.push(html`<strong>${inline(strong)}</strong>`);
    else if (soft) nodes.push(html`<em>${inline(soft)}</em>`);
    else nodes.push(html`<a href=${address} target="_blank" rel="noopener noreferrer">${words}</a>`);
    end = match.index + whole.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

/** @param {string} row @returns {string[]} */
const cellsOf = (row) => row.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());

/** A list's items, with the lines that go on under each. @param {readonly string[]} lines @param {RegExp} mark @returns {string[]} */
function itemsOf(lines, mark) {
  /** @type {string[]} */
  const items = [];
  for (const line of lines) {
    if (mark.test(line)) items.push(line.replace(mark, ""));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return items;
}

/** @param {{text: string}} props */
export function Prose({ text }) {
  const lines = text.split("\n");
  /** @type {any[]} */
  const blocks = [];
  const take = (/** @type {number} */ from, /** @type {(line: string) => boolean} */ goes) => {
    let to = from;
    while (to < lines.length && goes(lines[to])) to += 1;
    return lines.slice(from, to);
  };
  for (let index = 0; index < lines.length; ) {
    const line = lines[index];
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (!line.trim()) index += 1;
    else if (heading) {
      blocks.push(heading[1].length === 1 ? html`<h3 class="prose__title">${inline(heading[2])}</h3>` : html`<h4>${inline(heading[2])}</h4>`);
      index += 1;
    } else if (/^\s*```/.test(line)) {
      const code = take(index + 1, (next) => !/^\s*```/.test(next));
      blocks.push(html`<pre tabindex="0"><code>${code.join("\n")}</code></pre>`);
      index += code.length + 2;
    } else if (line.startsWith("|")) {
      const rows = take(index, (next) => next.startsWith("|"));
      const [head, , ...body] = rows.map(cellsOf);
      blocks.push(html`
        <div class="prose__table" tabindex="0" role="region" aria-label=${head.join(", ")}>
          <table><thead><tr>${head.map((cell) => html`<th scope="col">${inline(cell)}</th>`)}</tr></thead><tbody>${body.map((row) => html`<tr>${row.map((cell) => html`<td>${inline(cell)}</td>`)}</tr>`)}</tbody></table>
        </div>
      `);
      index += rows.length;
    } else if (/^(\d+\.|[-*])\s/.test(line)) {
      const isOrdered = /^\d/.test(line);
      const mark = isOrdered ? /^\d+\.\s+/ : /^[-*]\s+/;
      const own = take(index, (next) => mark.test(next) || /^\s+\S/.test(next));
      const items = itemsOf(own, mark).map((item) => html`<li>${inline(item)}</li>`);
      blocks.push(isOrdered ? html`<ol start=${Number.parseInt(line, 10)}>${items}</ol>` : html`<ul>${items}</ul>`);
      index += own.length;
    } else {
      const words = take(index, (next) => Boolean(next.trim()) && !/^(#|\||\s*```|\d+\.\s|[-*]\s)/.test(next));
      const own = words.length ? words : [line];
      blocks.push(html`<p>${inline(own.join(" ").trim())}</p>`);
      index += own.length;
    }
  }
  return html`<div class="prose" lang="en">${blocks}</div>`;
}
