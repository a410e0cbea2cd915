/**
 * The chat in a window of its own. A browser keeps what it keeps for a frame in somebody's page apart from what it keeps
 * for our own pages, so the frame hands its memory to the window that it has opened. Each side listens to that one other
 * window only, and only when it is at our own origin; so nobody else can plant a secret there, or be given one.
 */

const MARK = "#own";
const LOOKS = "popup,width=440,height=760";
const WITHIN = 2_000;

/** @typedef {Record<string, any>} Bundle */

/** In the frame. @param {() => Bundle} bundle what the window must know */
export function createPopout(bundle) {
  /** @type {Window | null} */
  let own = null;

  function tell() {
    if (own && !own.closed) own.postMessage({ ...bundle(), pointsman: "told" }, location.origin);
  }

  addEventListener("message", (event) => {
    if (!own || event.source !== own || event.origin !== location.origin) return;
    if (event.data?.pointsman === "ask") tell();
  });

  return {
    tell,
    /** Open the window, or bring it to the front; false when the browser does not let us. */
    open() {
      if (own && !own.closed) {
        own.focus();
        return true;
      }
      own = window.open(`${location.pathname}${MARK}`, "_blank", LOOKS);
      return own !== null;
    },
  };
}

/**
 * In the window: ask the frame that has opened it.
 *
 * @param {(bundle: Bundle) => void} onChange hears what the frame says later
 * @returns {Promise<Bundle | null>} null when nobody answers
 */
export function askFrame(onChange) {
  const frame = location.hash === MARK ? window.opener : null;
  if (!frame) return Promise.resolve(null);
  return new Promise((done) => {
    let isAnswered = false;
    /** @param {Bundle | null} bundle */
    const answer = (bundle) => {
      isAnswered = true;
      done(bundle);
    };
    addEventListener("message", (event) => {
      if (event.source !== frame || event.origin !== location.origin || event.data?.pointsman !== "told") return;
      if (isAnswered) onChange(event.data);
      else answer(event.data);
    });
    frame.postMessage({ pointsman: "ask" }, location.origin);
    setTimeout(() => answer(null), WITHIN);
  });
}
