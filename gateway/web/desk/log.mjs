/**
 * A thread's messages as the desk holds them: in the order of `seq`, those still on their way behind, in the order they
 * were written. Pure functions over frozen lists.
 */

/**
 * @typedef {object} Message
 * @property {string} id empty until the server has it
 * @property {string} conversation
 * @property {number} seq 0 until the server has it
 * @property {"in" | "out"} direction
 * @property {{kind: "contact" | "agent" | "bot" | "system", id: string, name: string}} author
 * @property {string} at
 * @property {string} text
 * @property {any[]} parts
 * @property {boolean} note
 * @property {boolean} [whisper] a note of a supervisor's, for the owner
 * @property {{state: string, reason: string} | null} delivery
 * @property {string} client_id
 * @property {string | null} edited_at
 * @property {string} [problem] why it could not be sent, in words
 */

/** @typedef {{messages: Message[], pending: Message[], hasOlder: boolean}} Log */

/** @type {Log} */
export const EMPTY = Object.freeze({ messages: [], pending: [], hasOlder: false });

/** How far a delivery has come: what a request answers may be older than what the feed has told meanwhile. */
const PROGRESS = Object.freeze(["sending", "queued", "rejected", "unverified", "sent", "delivered", "read"]);

/** Whether one version of a message is older than another. @param {Message} one @param {Message} other */
function isOlder(one, other) {
  if ((one.edited_at ?? "") !== (other.edited_at ?? "")) return (one.edited_at ?? "") < (other.edited_at ?? "");
  return PROGRESS.indexOf(one.delivery?.state ?? "") < PROGRESS.indexOf(other.delivery?.state ?? "");
}

/**
 * The log with these messages, new or changed; what was pending and has arrived is pending no more.
 *
 * @param {Log} log @param {Message[]} arrived
 * @param {boolean} [isNewest] told by the feed, or asked for after a gap: nothing that we hold is newer
 * @returns {Log}
 */
export function withMessages(log, arrived, isNewest = false) {
  const byId = new Map(log.messages.map((message) => [message.id, message]));
  for (const message of arrived) {
    const known = byId.get(message.id);
    if (!known || isNewest || !isOlder(message, known)) byId.set(message.id, message);
  }
  const clientIds = new Set(arrived.map((message) => message.client_id).filter(Boolean));
  return {
    ...log,
    messages: [...byId.values()].sort((one, other) => one.seq - other.seq),
    pending: log.pending.filter((message) => !clientIds.has(message.client_id)),
  };
}

/** What a request made of a message, unless the feed has told something newer since. @param {Log} log @param {Message} before @param {Message} after @returns {Log} */
export const withAnswer = (log, before, after) => ({ ...log, messages: log.messages.map((message) => (message === before ? after : message)) });

/** @param {Log} log @param {Message} message @returns {Log} */
export const withPending = (log, message) => ({ ...log, pending: [...log.pending, message] });

/** @param {Log} log @param {string} clientId @param {Partial<Message>} change @returns {Log} */
export const withChange = (log, clientId, change) => ({
  ...log,
  pending: log.pending.map((message) => (message.client_id === clientId ? { ...message, ...change } : message)),
});

/** @param {Log} log @param {string} clientId @returns {Log} */
export const withoutPending = (log, clientId) => ({
  ...log,
  pending: log.pending.filter((message) => message.client_id !== clientId),
});

/** @param {Log} log */
export const lastSeq = (log) => log.messages.at(-1)?.seq ?? 0;

/** Whether a frame's message comes after a gap. @param {Log} log @param {Message} message */
export const leavesGap = (log, message) => log.messages.length > 0 && message.seq > lastSeq(log) + 1;

const RUN_FOR = 5 * 60_000;

/** Whether two neighbours read as one turn: same author, same kind, within five minutes. @param {Message} one @param {Message} other */
export function isSameRun(one, other) {
  return (
    one.author.kind === other.author.kind &&
    one.author.id === other.author.id &&
    one.note === other.note &&
    one.conversation === other.conversation &&
    Math.abs(Date.parse(other.at) - Date.parse(one.at)) < RUN_FOR
  );
}

/** Whether the same has become of two neighbours: then it is said once. @param {Message} one @param {Message} other */
export const isSameFate = (one, other) =>
  one.delivery?.state === other.delivery?.state && one.delivery?.reason === other.delivery?.reason;
