/**
 * What the agent has written and the server has not confirmed: shown at once, sent one after the other in the order it was
 * written, each under a `client_id` that makes a second try harmless.
 *
 * A refusal because the conversation is no longer the agent's takes everything that waits behind it back, and gives the
 * words to the draft: nothing typed is lost, and nothing is sent over somebody else.
 */

import { Problem, problemInWords } from "./api.mjs";
import { withChange, withMessages, withPending, withoutPending } from "./log.mjs";

const LATER = 3_000;

/** @typedef {{conversation: string, thread: string, draft: {client_id: string, text: string, parts: any[], note: boolean, whisper: boolean, join: boolean, mentions: string[], epoch: number}}} Entry */

/**
 * @param {{
 *   api: import("./api.mjs").Api, state: import("./state.mjs").State, t: (key: string, values?: any) => string,
 *   onRefused: (conversation: string, error: Problem, drafts: Entry["draft"][]) => void
 * }} options
 */
export function createOutbox({ api, state, t, onRefused }) {
  /** @type {Map<string, Entry[]>} conversation → what waits, the first is on its way */
  const queues = new Map();
  /** @type {Set<string>} */
  const busy = new Set();

  /** @param {string} conversation @param {{text: string, parts?: any[], note?: boolean, whisper?: boolean, join?: boolean, mentions?: string[]}} what */
  function send(conversation, { text, parts = [], note = false, whisper = false, join = false, mentions = [] }) {
    const shown = state.conversations.peek().get(conversation);
    const me = state.me.peek();
    const client_id = crypto.randomUUID();
    const draft = { client_id, text, parts: parts.map(({ kind, media, name }) => ({ kind, media, name })), note, whisper, join, mentions, epoch: shown.epoch };
    queues.set(conversation, [...(queues.get(conversation) ?? []), { conversation, thread: shown.thread, draft }]);
    state.changeLog(shown.thread, (log) =>
      withPending(log, {
        id: "",
        conversation,
        seq: 0,
        direction: "out",
        author: { kind: "agent", id: me.id, name: me.alias || me.name },
        at: new Date().toISOString(),
        text,
        parts: [...(text ? [{ kind: "text", text }] : []), ...parts],
        note,
        whisper,
        delivery: note ? null : { state: "sending", reason: "" },
        client_id,
        edited_at: null,
      }),
    );
    return run(conversation);
  }

  /** Send what waits in one conversation; true when all of it has arrived. @param {string} conversation */
  async function run(conversation) {
    if (busy.has(conversation)) return false;
    busy.add(conversation);
    try {
      for (let entry = queues.get(conversation)?.[0]; entry; entry = queues.get(conversation)?.[0]) {
        const current = entry;
        try {
          const message = await api.send(conversation, current.draft);
          queues.set(conversation, (queues.get(conversation) ?? []).filter((other) => other !== current));
          state.changeLog(current.thread, (log) => withMessages(log, [message]));
        } catch (error) {
          if (error instanceof Problem && error.isPassing) {
            setTimeout(() => run(conversation), LATER);
            return false;
          }
          refuse(current, error);
          return false;
        }
      }
      return true;
    } finally {
      busy.delete(conversation);
    }
  }

  /** @param {Entry} entry @param {unknown} error */
  function refuse(entry, error) {
    const waiting = queues.get(entry.conversation) ?? [];
    if (error instanceof Problem && error.status === 409) {
      queues.delete(entry.conversation);
      for (const other of waiting) state.changeLog(other.thread, (log) => withoutPending(log, other.draft.client_id));
      onRefused(entry.conversation, error, waiting.map((other) => other.draft));
      return;
    }
    queues.set(entry.conversation, waiting.filter((other) => other !== entry));
    state.changeLog(entry.thread, (log) => withChange(log, entry.draft.client_id, { problem: problemInWords(error, t) }));
    run(entry.conversation);
  }

  /** Give up a message that was refused. @param {string} thread @param {string} clientId */
  function discard(thread, clientId) {
    state.changeLog(thread, (log) => withoutPending(log, clientId));
  }

  /** The line is back: try everything now. */
  function retry() {
    for (const conversation of queues.keys()) run(conversation);
  }

  return Object.freeze({ send, discard, retry });
}
