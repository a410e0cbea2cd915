/** Two short sounds, one for an offer and one for a message: made here, silent until the agent has touched the page. */

import { signal } from "/web/shared/html.mjs";
import { keep, recall } from "./memory.mjs";

const TUNES = Object.freeze({ offer: [659, 880, 1_175], message: [784] });
const STEP = 0.13;
const LOUDNESS = 0.07;

export function createSound() {
  const isMuted = signal(recall("muted") === "yes");
  /** @type {AudioContext | null} */
  let context = null;

  const wake = () => {
    context ??= new AudioContext();
    if (context.state === "suspended") context.resume();
  };
  addEventListener("pointerdown", wake, { once: true });
  addEventListener("keydown", wake, { once: true });

  /** @param {keyof typeof TUNES} name */
  function play(name) {
    if (!context || context.state !== "running" || isMuted.value) return;
    TUNES[name].forEach((pitch, index) => {
      const tone = /** @type {AudioContext} */ (context).createOscillator();
      const gain = /** @type {AudioContext} */ (context).createGain();
      const from = /** @type {AudioContext} */ (context).currentTime + index * STEP;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0, from);
      gain.gain.linearRampToValueAtTime(LOUDNESS, from + STEP / 6);
      gain.gain.exponentialRampToValueAtTime(LOUDNESS / 100, from + STEP * 2);
      tone.connect(gain).connect(/** @type {AudioContext} */ (context).destination);
      tone.start(from);
      tone.stop(from + STEP * 2);
    });
  }

  function toggle() {
    isMuted.value = !isMuted.value;
    keep("muted", isMuted.value ? "yes" : "");
  }

  return Object.freeze({ isMuted, play, toggle });
}
