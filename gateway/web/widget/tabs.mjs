/** The other pages of this browser that have the same chat: they learn at once what this one changed. */

/** @typedef {{type: "unsent" | "discarded" | "draft" | "muted" | "asked", client_id?: string, text?: string, is?: boolean, entry?: import("./outbox.mjs").Unsent}} TabWord */

/** @param {string} name */
export function joinTabs(name) {
  const channel = new BroadcastChannel(name);
  /** @type {Set<(word: TabWord) => void>} */
  const listeners = new Set();
  channel.onmessage = (event) => {
    for (const listener of listeners) listener(event.data);
  };
  return {
    /** @param {TabWord} word */
    tell: (word) => channel.postMessage(word),
    /** @param {(word: TabWord) => void} listener */
    listen: (listener) => void listeners.add(listener),
  };
}
