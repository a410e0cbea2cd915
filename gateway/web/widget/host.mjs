/**
 * The page around us. We listen to our parent window only, and only when its origin is one that the administrator named;
 * we answer to that same origin, never to "*".
 */

/** @typedef {{type: string} & Record<string, any>} Word */

/**
 * @param {readonly string[]} origins that may embed this inbox
 * @param {(word: Word) => void} onWord
 */
export function listenToHost(origins, onWord) {
  const queued = /** @type {Word[]} */ ([]);
  let origin = "";

  /** @param {MessageEvent} event */
  function receive(event) {
    if (event.source !== parent || event.source === window || !origins.includes(event.origin)) return;
    if (typeof event.data !== "object" || event.data === null || typeof event.data.pointsman !== "string") return;
    if (!origin) {
      origin = event.origin;
      for (const word of queued.splice(0)) tell(word);
    }
    if (event.origin === origin) onWord({ ...event.data, type: event.data.pointsman });
  }

  /** Tell the page around us; kept until it has made itself known. @param {Word} word */
  function tell({ type, ...rest }) {
    if (!origin) queued.push({ type, ...rest });
    else parent.postMessage({ ...rest, pointsman: type }, origin);
  }

  addEventListener("message", receive);
  return { tell };
}
