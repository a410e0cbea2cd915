/**
 * A WebSocket that comes back: JSON frames, one greeting per connection, waits that grow with chance in them.
 *
 * It knows nothing of what the frames mean. Whoever uses it says hello again after each opening (`hello`), asks for what
 * was missed, and calls `settle()` once the server has answered, which makes the next wait a short one again.
 */

import { signal } from "@preact/signals";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
const QUIET = 25_000;
const PATIENCE = 10_000;

/**
 * How long to wait before the nth attempt, in ms: between half and all of a span that doubles, so that a thousand pages
 * do not come back in the same second.
 *
 * @param {number} attempt from 0
 * @param {number} chance in [0, 1)
 */
export function waitBefore(attempt, chance) {
  const span = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt);
  return span / 2 + (span / 2) * chance;
}

/**
 * @typedef {object} Options
 * @property {string} url relative or absolute; http becomes ws
 * @property {() => object} hello the first frame of every connection
 * @property {(frame: any) => void} onFrame
 * @property {() => object} [ping] a frame that the server answers; sent after a silence, to notice a dead line
 * @property {readonly number[]} [final] close codes after which there is no use in coming back
 * @property {(code: number) => void} [onFinal]
 */

/** @typedef {"connecting" | "open" | "waiting" | "closed"} SocketState */

/** Open a socket that stays open until `close()`. @param {Options} options */
export function openSocket({ url, hello, onFrame, ping, final = [], onFinal }) {
  const target = new URL(url, document.baseURI);
  target.protocol = target.protocol.replace("http", "ws");
  const state = signal(/** @type {SocketState} */ ("connecting"));
  /** @type {WebSocket | null} */
  let socket = null;
  let attempt = 0;
  let heardAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let watch;

  function connect() {
    clearTimeout(retry);
    state.value = "connecting";
    const current = new WebSocket(target);
    socket = current;
    current.onopen = () => {
      heardAt = Date.now();
      current.send(JSON.stringify(hello()));
      state.value = "open";
    };
    current.onmessage = (event) => {
      heardAt = Date.now();
      onFrame(JSON.parse(event.data));
    };
    current.onclose = (event) => {
      if (socket !== current) return; // an older connection that was given up
      socket = null;
      if (state.value === "closed") return;
      if (final.includes(event.code)) {
        close();
        onFinal?.(event.code);
        return;
      }
      state.value = "waiting";
      retry = setTimeout(connect, waitBefore(attempt, Math.random()));
      attempt += 1;
    };
  }

  /** Give the present connection up without waiting for the network to agree, and dial again. */
  function redial() {
    const old = socket;
    socket = null;
    old?.close();
    connect();
  }

  function retryNow() {
    if (state.value === "waiting") connect();
  }

  function check() {
    if (!ping || state.value !== "open") return;
    const silence = Date.now() - heardAt;
    if (silence > QUIET + PATIENCE) redial();
    else if (silence > QUIET) send(ping());
  }

  /** Send a frame; false when there is no open connection. @param {object} frame */
  function send(frame) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function close() {
    state.value = "closed";
    clearTimeout(retry);
    clearInterval(watch);
    removeEventListener("online", retryNow);
    document.removeEventListener("visibilitychange", onVisible);
    socket?.close();
    socket = null;
  }

  function onVisible() {
    if (document.visibilityState !== "visible") return;
    retryNow();
    check();
  }

  addEventListener("online", retryNow);
  document.addEventListener("visibilitychange", onVisible);
  if (ping) watch = setInterval(check, PATIENCE / 2);
  connect();

  return Object.freeze({
    state,
    send,
    close,
    retryNow,
    redial,
    /** The server knows us: the next wait is a short one again. */
    settle: () => {
      attempt = 0;
    },
  });
}
