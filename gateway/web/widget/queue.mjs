/**
 * The queue of unsent messages: one at a time, in the order in which they were written, each until it is confirmed. So
 * the order holds however often the line breaks and however slow the server is; what is refused lets the next one pass.
 */

const ACK_WITHIN = 15_000;
const LATER = 2_000;

/**
 * @param {object} options
 * @param {ReturnType<typeof import("./outbox.mjs").openOutbox>} options.outbox
 * @param {(frame: object) => boolean} options.send false when there is no line
 * @param {() => void} options.onSilence the server has not answered: the line may be dead
 * @param {() => void} options.onEmpty all that can be sent is stored
 */
export function createQueue({ outbox, send, onSilence, onEmpty }) {
  /** @type {Set<string>} */
  const failed = new Set();
  let current = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function pump() {
    if (current) return;
    const next = outbox.all().find((entry) => !failed.has(entry.client_id));
    if (!next) return onEmpty();
    const { at, ...frame } = next;
    if (!send(frame)) return;
    current = next.client_id;
    timer = setTimeout(onSilence, ACK_WITHIN);
  }

  /** @param {string} clientId */
  function release(clientId) {
    failed.delete(clientId);
    if (current !== clientId) return;
    clearTimeout(timer);
    current = "";
  }

  return {
    pump,
    /** There is a new line: what was on its way may be lost. */
    restart() {
      clearTimeout(timer);
      current = "";
      pump();
    },
    /** It is stored, or given up. @param {string} clientId */
    settle(clientId) {
      outbox.strike(clientId);
      release(clientId);
      pump();
    },
    /** It was refused: kept until somebody decides. @param {string} clientId */
    fail(clientId) {
      release(clientId);
      failed.add(clientId);
      pump();
    },
    /** Not now: the same one again in a moment, and none before it. @param {string} clientId */
    postpone(clientId) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        release(clientId);
        pump();
      }, LATER);
    },
    /** @param {string} clientId */
    retry(clientId) {
      failed.delete(clientId);
      pump();
    },
  };
}
