/** The desk's feed: says hello, goes on where it was, and asks for everything again when the server kept too little. */

import { openSocket } from "/web/shared/socket.mjs";

const NOT_LOGGED_IN = [4401, 4403];
const IN_THE_HAND = "(hover: none) and (pointer: coarse)";

/** What we are on: a phone puts pages to sleep, so its agent is given longer to come back. */
const device = () => (matchMedia(IN_THE_HAND).matches ? "phone" : "desktop");

/**
 * @param {{apply: (frame: any) => void, onStart: () => void, onLost: () => void}} options `onStart` loads everything anew:
 *   at the first hello and after a resync
 */
export function openFeed({ apply, onStart, onLost }) {
  let seq = -1;
  const socket = openSocket({
    url: "/api/v1/feed",
    hello: () => ({ type: "hello", device: device() }),
    ping: () => ({ type: "ping" }),
    final: NOT_LOGGED_IN,
    onFinal: onLost,
    onFrame(frame) {
      if (frame.type === "hello") {
        socket.settle();
        apply(frame);
        if (seq >= 0) {
          socket.send({ type: "resume", seq }); // what came meanwhile follows, or a resync
          return;
        }
        seq = frame.seq;
        onStart();
        return;
      }
      if (frame.type === "resync") {
        seq = frame.seq || seq;
        onStart();
        return;
      }
      if (frame.seq) seq = Math.max(seq, frame.seq);
      apply(frame);
    },
  });
  return socket;
}
