/**
 * Where in a YAML document a position is, also in one that is not finished yet: the keys that lead there, and whether a key
 * or a value is being written. Knows the YAML that people write in our files: blocks, sequences and flows, no anchors.
 */

const KEY = /^("[^"]*"|'[^']*'|[^\s#{}[\],:'"-][^:{}[\],#]*?|-?[^\s#{}[\],:'"-][^:{}[\],#]*?)\s*:(?=\s|$)/;

/**
 * @typedef {{path: string[], isKey: boolean, word: string}} Spot `path` has "[]" for an item of a sequence; `word` is what of
 *   the key or the value stands before the position
 */

/** @param {string} key */
const bare = (key) => key.replace(/^["']|["']$/g, "");

/** A flow (`{…}`, `[…]`) as far as it was read. */
class Flow {
  constructor() {
    /** @type {{kind: "{" | "[", key: string | null}[]} */
    this.open = [];
    this.word = "";
    this.quote = "";
  }

  /** @param {string} text */
  read(text) {
    for (let index = 0; index < text.length; index += 1) {
      const sign = text[index];
      const top = this.open.at(-1);
      if (this.quote) {
        if (sign === this.quote) this.quote = "";
        else this.word += sign;
      } else if ((sign === '"' || sign === "'") && !this.word.trim()) this.quote = sign;
      else if (sign === "{" || sign === "[") {
        this.open.push({ kind: sign, key: null });
        this.word = "";
      } else if (sign === "}" || sign === "]") {
        this.open.pop();
        this.word = "";
      } else if (sign === "," && top) {
        top.key = null;
        this.word = "";
      } else if (sign === ":" && top?.kind === "{" && top.key === null && /^(\s|$)/.test(text.slice(index + 1))) {
        top.key = this.word.trim();
        this.word = "";
      } else if (sign === "#" && (index === 0 || /\s/.test(text[index - 1]))) return;
      else this.word += sign;
    }
    if (this.open.length) this.word = `${this.word} `.trimStart() && this.word; // a flow goes on in the next line
  }

  /** @returns {string[]} */
  path() {
    return this.open.flatMap(({ kind, key }) => (kind === "[" ? ["[]"] : key === null ? [] : [key]));
  }
}

/** @param {string} text what stands before the position @returns {Spot} */
export function spotAt(text) {
  /** @type {{indent: number, key: string}[]} */
  let blocks = [];
  let flow = new Flow();
  const lines = text.split("\n");
  for (const [number, line] of lines.entries()) {
    const isLast = number === lines.length - 1;
    if (flow.open.length) {
      flow.read(line);
      if (!isLast && flow.open.length) flow.word = "";
    } else {
      flow = new Flow();
      let rest = line.trimStart();
      let indent = line.length - rest.length;
      if (!isLast && (!rest || rest.startsWith("#"))) continue;
      while (/^-(\s|$)/.test(rest)) {
        const here = indent;
        blocks = blocks.filter((block) => block.indent < here || (block.indent === here && block.key !== "[]"));
        blocks.push({ indent, key: "[]" });
        const after = rest.slice(1).trimStart();
        indent += rest.length - after.length;
        rest = after;
      }
      const here = indent;
      blocks = blocks.filter((block) => block.indent < here);
      const found = KEY.exec(rest);
      if (found) {
        blocks.push({ indent, key: bare(found[1]) });
        rest = rest.slice(found[0].length);
      }
      const value = rest.trimStart();
      if (/^[{[]/.test(value)) flow.read(value);
      if (isLast && !flow.open.length) return { path: blocks.map(({ key }) => key), isKey: !found, word: bare(value) };
    }
    if (isLast) {
      const top = flow.open.at(-1);
      const path = [...blocks.map(({ key }) => key), ...flow.path()];
      return { path, isKey: top?.kind === "{" && top.key === null, word: flow.word.trimStart() };
    }
  }
  return { path: [], isKey: true, word: "" };
}

/** The keys of a top-level section, in a block or in a flow. @param {string} text @param {string} section @returns {string[]} */
export function keysOf(text, section) {
  const lines = text.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${section}:`));
  if (start < 0) return [];
  const inline = lines[start].slice(section.length + 1).trim();
  /** @type {string[]} */
  const found = [];
  if (inline.startsWith("{")) {
    const flow = new Flow();
    for (const sign of inline) {
      const depth = flow.open.length;
      const before = flow.word;
      flow.read(sign);
      if (depth === 1 && flow.open.at(-1)?.key && flow.word === "" && before) found.push(bare(before.trim()));
    }
    return found;
  }
  const end = lines.findIndex((line, index) => index > start && /^[^\s#]/.test(line));
  const inside = lines.slice(start + 1, end < 0 ? undefined : end);
  const depth = inside.find((line) => line.trim() && !line.trim().startsWith("#"))?.search(/\S/) ?? 0;
  for (const line of inside) {
    if (line.search(/\S/) !== depth) continue;
    const key = KEY.exec(line.trim())?.[1];
    if (key) found.push(bare(key));
  }
  return found;
}
