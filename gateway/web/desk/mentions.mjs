/** Asking a colleague to look: "@" in a note lists them, and whoever is named with it in the note is told. */

import { useChoosing } from "./choosing.mjs";
import { isLike } from "./palette.mjs";

const MOST = 8;
const BEGUN = /(?<![\w.-])@([^\s@]*)$/u;

/** @param {any} agent */
const nameOf = (agent) => agent.alias || agent.name;

/** Those whom a note may ask: people of the house but oneself. @param {import("./desk.mjs").Desk} desk @returns {any[]} */
const colleagues = ({ state }) =>
  state.agents.value.filter((agent) => agent.kind === "human" && agent.role !== "outside" && agent.id !== state.me.value.id);

/** The agents whom a note names with "@"; of two names that begin alike the longer one counts. @param {import("./desk.mjs").Desk} desk @param {string} text @returns {string[]} */
export function mentionedIn(desk, text) {
  let rest = text;
  const found = [];
  for (const agent of colleagues(desk).sort((one, other) => nameOf(other).length - nameOf(one).length)) {
    const parts = rest.split(`@${nameOf(agent)}`);
    if (parts.length === 1) continue;
    found.push(agent.id);
    rest = parts.join(" ");
  }
  return found;
}

/**
 * @param {{
 *   desk: import("./desk.mjs").Desk, text: string, caret: number, isOffered: boolean,
 *   onPick: (begin: number, end: number, words: string) => void
 * }} options `text` has been typed, with the caret there; `onPick` gets what to write in place of which signs
 */
export function useMentions({ desk, text, caret, isOffered, onPick }) {
  const { t } = desk;
  const before = text.slice(0, caret);
  const wanted = isOffered ? (BEGUN.exec(before)?.[1] ?? null) : null;
  const named = colleagues(desk).map((agent) => ({ agent, names: `${nameOf(agent)} ${agent.name} ${agent.id}` }));
  const found = wanted === null ? [] : named.filter(({ names }) => isLike(wanted, names)).slice(0, MOST);
  return useChoosing({
    text: before,
    choices: found.map(({ agent }) => ({ key: agent.id, name: `@${nameOf(agent)}`, words: agent.groups.map((/** @type {string} */ id) => desk.groupName(id)).join(" · ") })),
    label: t("mentions.title"),
    count: t("mentions.count", { count: found.length }),
    onPick: ({ name }) => onPick(caret - (wanted ?? "").length - 1, caret, `${name} `),
  });
}
