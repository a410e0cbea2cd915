/** The messages as the page shows them: confirmed ones by `seq`, behind them what is still on its way, in order. */

/**
 * @typedef {object} Message
 * @property {string} key stays the same from writing to confirmation
 * @property {string} id empty until confirmed
 * @property {number} seq 0 until confirmed
 * @property {string} at
 * @property {{kind: string, name: string}} author
 * @property {any[]} parts
 * @property {string} client_id
 * @property {"sending" | "sent" | "failed"} state
 * @property {boolean} [is_edited]
 * @property {number} [progress] of an upload, 0 to 1
 * @property {string} [problem] catalogue key of what went wrong
 */

/** @param {Message} message */
const place = (message) => message.seq || Number.MAX_SAFE_INTEGER;

/**
 * The messages with one more, or with a newer word on one that is there (same id or same client id).
 *
 * @param {readonly Message[]} messages
 * @param {Message} message
 * @returns {Message[]}
 */
export function withMessage(messages, message) {
  const same = (/** @type {Message} */ other) =>
    (message.id !== "" && other.id === message.id) || (message.client_id !== "" && other.client_id === message.client_id);
  const before = messages.find(same);
  const merged = before ? { ...before, ...message, key: before.key } : message;
  const rest = messages.filter((other) => !same(other));
  let index = rest.length;
  while (index > 0 && place(rest[index - 1]) > place(merged)) index -= 1;
  return [...rest.slice(0, index), merged, ...rest.slice(index)];
}

/**
 * @param {readonly Message[]} messages
 * @param {string} clientId
 * @param {Partial<Message>} changes
 */
export function withChange(messages, clientId, changes) {
  const message = messages.find((other) => other.client_id === clientId);
  return message ? withMessage(messages, { ...message, ...changes }) : [...messages];
}

/** @param {Message} message whether somebody else said it */
export const isTheirs = (message) => message.author.kind !== "contact";

/** The highest number among the confirmed. @param {readonly Message[]} messages */
export const lastSeq = (messages) => messages.reduce((highest, message) => Math.max(highest, message.seq), 0);

/** The lowest number among the confirmed; 0 when there are none. @param {readonly Message[]} messages */
export const firstSeq = (messages) => messages.find((message) => message.seq > 0)?.seq ?? 0;

/** How far a person on the other side must have read: nobody answers what they have not. @param {readonly Message[]} messages */
export const readByThem = (messages) =>
  messages.reduce((highest, message) => (message.author.kind === "agent" ? Math.max(highest, message.seq) : highest), 0);

/** A message of our own that is on its way. @param {string} clientId @param {string} at @param {any[]} parts @returns {Message} */
export const ours = (clientId, at, parts) => ({
  key: clientId,
  id: "",
  seq: 0,
  at,
  author: { kind: "contact", name: "" },
  parts,
  client_id: clientId,
  state: "sending",
  problem: "",
});

/** A message as the server has it. @param {any} frame @returns {Message} */
export const confirmed = (frame) => ({ ...frame, key: frame.client_id || frame.id, client_id: frame.client_id ?? "", state: "sent" });
