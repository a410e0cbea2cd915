/** Half-written words, one draft per conversation and agent, kept on this device until they are sent. */

import { signal } from "/web/shared/html.mjs";
import { keep, recallJson } from "./memory.mjs";

/** @typedef {{text: string, note: boolean, whisper: boolean, join: boolean, files: any[]}} Draft a `whisper` is a note for the owner, who is answered beside in a `join`; `files` are uploaded and not kept across a reload */

const NOTHING = Object.freeze({ text: "", note: false, whisper: false, join: false, files: [] });

/** @param {string} agent */
export function createDrafts(agent) {
  const drafts = signal(/** @type {Map<string, Draft>} */ (new Map()));
  const key = (/** @type {string} */ conversation) => `draft.${agent}.${conversation}`;

  /** @param {string} conversation @returns {Draft} */
  function read(conversation) {
    return drafts.value.get(conversation) ?? { ...NOTHING, ...recallJson(key(conversation), NOTHING), files: [] };
  }

  /** @param {string} conversation @param {Partial<Draft>} change */
  function write(conversation, change) {
    const next = { ...read(conversation), ...change };
    drafts.value = new Map(drafts.peek()).set(conversation, next);
    keep(key(conversation), next.text || next.note ? JSON.stringify({ text: next.text, note: next.note, whisper: next.whisper, join: next.join }) : "");
  }

  /** Words that could not be sent stand before what has been typed since. @param {string} conversation @param {string} text @param {boolean} note */
  function giveBack(conversation, text, note) {
    const present = read(conversation);
    write(conversation, { text: [text, present.text].filter(Boolean).join("\n"), note });
  }

  return Object.freeze({ read, write, giveBack, has: (/** @type {string} */ conversation) => read(conversation).text.trim() !== "" });
}
