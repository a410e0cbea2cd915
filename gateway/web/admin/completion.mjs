/**
 * Completion: keys and words from the files' JSON schemas, and names from what stands in the three texts just now (groups,
 * skills, hours, replies, agents, …), which no schema can know.
 */

import { keysOf, spotAt } from "./yamlpath.mjs";

/** Which names a key's value takes; `map` says whose keys are names themselves. */
const VALUES = Object.freeze({
  to: "groups", group: "groups", groups: "groups", hours: "hours", shift: "hours", reply: "replies", is: "priorities", priority: "priorities",
  bot: "bots", inbox: "inboxes", drop: "skills", tags: "tags", add: "tags", owner: "agents", deputies: "agents",
});
const MAPS = Object.freeze({ requires: "skills", prefers: "skills", skills: "skills" });
const SECTIONS = Object.freeze({
  groups: "routing.yaml", hours: "routing.yaml", replies: "routing.yaml", priorities: "routing.yaml", skills: "routing.yaml",
  bots: "agents.yaml", agents: "agents.yaml", inboxes: "inboxes.yaml",
});
const TAGS = /\badd:\s*\[([^\]]*)\]/g;

/** @param {Record<string, string>} texts @param {string} kind @returns {string[]} */
export function namesOf(texts, kind) {
  if (kind === "tags") {
    const all = [...(texts["routing.yaml"] ?? "").matchAll(TAGS)].flatMap(([, list]) => list.split(",").map((tag) => tag.trim()));
    return [...new Set(all.filter(Boolean))];
  }
  return keysOf(texts[SECTIONS[/** @type {keyof typeof SECTIONS} */ (kind)]] ?? "", kind);
}

/** The schema's alternatives, with references followed. @param {any} root @param {any} node @returns {any[]} */
function alternatives(root, node) {
  if (!node || typeof node !== "object") return [];
  if (node.$ref) {
    const target = node.$ref.split("/").slice(1).reduce((/** @type {any} */ at, /** @type {string} */ key) => at?.[key], root);
    return alternatives(root, target).map((found) => (node.description ? { ...found, description: node.description } : found));
  }
  const inner = ["anyOf", "oneOf", "allOf"].flatMap((key) => node[key] ?? []).flatMap((each) => alternatives(root, each));
  return [node, ...inner];
}

/** What the schema knows at the end of a path. @param {any} root @param {readonly string[]} path @returns {any[]} */
export function schemaAt(root, path) {
  let present = alternatives(root, root);
  for (const key of path) {
    present = present.flatMap((node) => {
      if (key === "[]") return alternatives(root, node.items);
      const named = node.properties?.[key];
      if (named) return alternatives(root, named);
      const pattern = Object.keys(node.patternProperties ?? {}).find((each) => new RegExp(each).test(key));
      return alternatives(root, pattern ? node.patternProperties[pattern] : node.additionalProperties);
    });
  }
  return present;
}

/** @param {any[]} nodes @returns {any[]} */
function keyOptions(nodes) {
  const found = new Map();
  for (const node of nodes) {
    for (const [key, value] of Object.entries(node.properties ?? {})) {
      found.set(key, { label: key, apply: `${key}: `, type: "property", info: value.description, boost: node.required?.includes(key) ? 1 : 0 });
    }
  }
  return [...found.values()];
}

/** @param {any[]} nodes @returns {any[]} */
function valueOptions(nodes) {
  const words = nodes.flatMap((node) => [...(node.enum ?? []), ...(node.const === undefined ? [] : [node.const]), ...(node.type === "boolean" ? [true, false] : [])]);
  const examples = nodes.flatMap((node) => node.examples ?? []);
  const info = nodes.find((node) => node.description)?.description;
  return [
    ...[...new Set(words)].map((word) => ({ label: String(word), type: "enum", info })),
    ...[...new Set(examples)].filter((word) => typeof word === "string").map((word) => ({ label: word, type: "text", info, boost: -1 })),
  ];
}

/**
 * A source of completions for CodeMirror. Names are there at once; where only the schema knows, it is waited for.
 *
 * @param {string} file @param {() => Record<string, string>} texts @param {Promise<any>} coming the schema; without one only names are known
 * @param {(kind: string) => string} detail
 */
export function createCompletion(file, texts, coming, detail) {
  /** @type {any} */
  let schema;
  coming.then((found) => (schema = found));

  return async (/** @type {any} */ context) => {
    const before = context.state.sliceDoc(0, context.pos);
    const { path, isKey, word } = spotAt(before);
    if (!word && !context.explicit && !/[\s[{,]$/.test(before)) return null;
    if (!context.explicit && isKey && !word) return null;
    const last = path.filter((key) => key !== "[]").at(-1) ?? "";
    const table = isKey ? MAPS : VALUES;
    const kind = file === "routing.yaml" && path[0] === last ? "" : (/** @type {Record<string, string>} */ (table)[last] ?? "");
    const isRelaxed = kind === "tags" && path.includes("relax");
    const known = kind ? namesOf(texts(), isRelaxed ? "groups" : kind) : [];
    const names = known.map((name) => ({ label: name, apply: isKey ? `${name}: ` : name, type: "variable", detail: detail(kind), boost: 2 }));
    if (!schema && names.length === 0) await coming;
    const nodes = schema ? schemaAt(schema, path) : [];
    const options = [...names, ...(isKey ? keyOptions(nodes) : valueOptions(nodes))];
    return options.length ? { from: context.pos - word.length, options, validFor: /^[\w.\-\u4e00-\u9fff]*$/ } : null;
  };
}
