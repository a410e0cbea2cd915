/**
 * The contact's voice: asks for the microphone, records, and gives up a file when it is told to send. A recording that
 * ends by itself (too long, microphone unplugged) is held until the contact decides.
 */

import { signal } from "/web/shared/html.mjs";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const LONGEST = 120;
const LOOK_EVERY = 250;

/** What browsers call it → our word for it. */
const PROBLEMS = Object.freeze({
  NotAllowedError: "voice.refused",
  SecurityError: "voice.refused",
  NotFoundError: "voice.no_microphone",
  NotReadableError: "voice.busy",
});

/** @typedef {"idle" | "asking" | "recording" | "held"} RecorderState */
/** @typedef {ReturnType<typeof createRecorder>} Recorder */

/** Whether this browser can record here at all (over plain http none can). */
export const canRecord = () => Boolean(navigator.mediaDevices) && typeof MediaRecorder === "function";

/** @param {string} type @param {Blob[]} chunks */
function fileOf(type, chunks) {
  const mime = type.split(";")[0];
  return new File(chunks, `voice.${mime.split("/")[1]}`, { type: mime });
}

/**
 * @param {object} options
 * @param {(file: File) => void} options.onFile what is to be sent
 * @param {(problem: string) => void} options.onProblem catalogue key; empty when there is none any more
 */
export function createRecorder({ onFile, onProblem }) {
  const state = signal(/** @type {RecorderState} */ ("idle"));
  const seconds = signal(0);
  /** @type {MediaRecorder | null} */
  let recorder = null;
  /** @type {File | null} */
  let held = null;
  let isWanted = false;
  let attempt = 0;

  async function start() {
    if (state.peek() !== "idle") return;
    onProblem("");
    state.value = "asking";
    attempt += 1;
    const mine = attempt;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (mine === attempt) record(stream);
      else release(stream); // given up while the browser asked
    } catch (error) {
      if (mine !== attempt) return;
      state.value = "idle";
      onProblem(PROBLEMS[/** @type {keyof typeof PROBLEMS} */ (/** @type {Error} */ (error).name)] ?? "voice.failed");
    }
  }

  /** @param {MediaStream} stream */
  function release(stream) {
    for (const track of stream.getTracks()) track.stop();
  }

  /** @param {MediaStream} stream */
  function record(stream) {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const current = new MediaRecorder(stream, mimeType ? { mimeType } : {});
    const chunks = /** @type {Blob[]} */ ([]);
    const began = performance.now();
    const watch = setInterval(() => {
      seconds.value = Math.floor((performance.now() - began) / 1000);
      if (seconds.value >= LONGEST && current.state === "recording") current.stop();
    }, LOOK_EVERY);
    current.ondataavailable = (event) => void (event.data.size && chunks.push(event.data));
    current.onstop = () => {
      clearInterval(watch);
      release(stream);
      if (recorder === current) finish(fileOf(current.mimeType, chunks));
    };
    recorder = current;
    isWanted = false;
    seconds.value = 0;
    current.start();
    state.value = "recording";
  }

  /** @param {File} file */
  function finish(file) {
    recorder = null;
    if (file.size === 0) {
      state.value = "idle";
      onProblem("voice.failed");
    } else if (isWanted) {
      state.value = "idle";
      onFile(file);
    } else {
      held = file;
      state.value = "held";
    }
  }

  function send() {
    isWanted = true;
    if (recorder) recorder.stop();
    else if (held) finish(held);
    held = null;
  }

  function discard() {
    const current = recorder;
    attempt += 1;
    recorder = held = null;
    state.value = "idle";
    if (current?.state === "recording") current.stop();
  }

  return Object.freeze({ state, seconds, start, send, discard });
}
