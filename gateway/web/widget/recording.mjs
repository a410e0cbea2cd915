/** What stands in the composer's place while a voice is recorded: how long it is, and the two ways out. */

import { html, useLayoutEffect, useRef } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const SAYINGS = Object.freeze({ asking: "voice.asking", recording: "voice.recording", held: "voice.held" });

/** @param {number} seconds */
const clockOf = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** @param {{recorder: import("./recorder.mjs").Recorder, i18n: import("./part.mjs").I18n}} props */
export function Recording({ recorder, i18n }) {
  const state = recorder.state.value;
  const isAsking = state === "asking";
  const discard = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const send = useRef(/** @type {HTMLButtonElement | null} */ (null));

  useLayoutEffect(() => {
    (isAsking ? discard : send).current?.focus();
  }, [isAsking]);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation(); // it ends the recording, not the chat
    recorder.discard();
  }

  return html`
    <div class="composer__box recording" role="group" aria-label=${i18n.t("voice.record")} onKeyDown=${onKeyDown}>
      <button type="button" ref=${discard} class="icon-button composer__button" aria-label=${i18n.t("voice.discard")} onClick=${recorder.discard}>
        <${Icon} name="discard" />
      </button>
      <span class=${`recording__dot ${state === "recording" ? "recording__dot--live" : ""}`} aria-hidden="true"></span>
      <span class="recording__state" role="status">${i18n.t(SAYINGS[/** @type {keyof typeof SAYINGS} */ (state)])}</span>
      <span class="recording__time">${clockOf(recorder.seconds.value)}</span>
      <button type="button" ref=${send} class="composer__send" disabled=${isAsking} aria-label=${i18n.t("voice.send")} onClick=${recorder.send}>
        <${Icon} name="send" />
      </button>
    </div>
  `;
}
