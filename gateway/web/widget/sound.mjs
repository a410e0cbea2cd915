/** One short sound for an answer that nobody sees: made here, heard once however many pages are open, and easily muted. */

import { signal } from "/web/shared/html.mjs";
import { recall, remember } from "./memory.mjs";

const TUNE = [659, 880];
const STEP = 0.12;
const LOUDNESS = 0.06;
const ONCE_FOR = 1_000;

/** @param {string} key where the choice is remembered @param {ReturnType<typeof import("./tabs.mjs").joinTabs>} tabs */
export function createSound(key, tabs) {
  const isMuted = signal(recall(key) === "yes");
  /** @type {AudioContext | null} */
  let context = null;

  function wake() {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
  }
  addEventListener("pointerdown", wake, { once: true });
  addEventListener("keydown", wake, { once: true });

  tabs.listen((word) => {
    if (word.type === "muted") isMuted.value = Boolean(word.is);
  });

  function ring() {
    if (context?.state !== "running") return;
    for (const [index, pitch] of TUNE.entries()) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      const from = context.currentTime + index * STEP;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(LOUDNESS, from + STEP / 6);
      gain.gain.exponentialRampToValueAtTime(LOUDNESS / 100, from + STEP * 2);
      tone.connect(gain).connect(context.destination);
      tone.start(from);
      tone.stop(from + STEP * 2);
    }
  }

  /** @param {string} id of the message: the page that gets hold of its name first rings */
  function play(id) {
    if (isMuted.value) return;
    if (!navigator.locks) return ring(); // only pages that came over https have them
    navigator.locks.request(`${key}:${id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return undefined;
      ring();
      return new Promise((done) => setTimeout(done, ONCE_FOR));
    });
  }

  function toggle() {
    isMuted.value = !isMuted.value;
    remember(key, isMuted.value ? "yes" : "");
    tabs.tell({ type: "muted", is: isMuted.value });
  }

  return Object.freeze({ isMuted, play, toggle });
}
