/** Where the contact writes. What is typed is kept until it is sent, across reloads too. */

import { html, useLayoutEffect, useMemo, useRef, useState } from "/web/shared/html.mjs";
import { createEnter } from "/web/shared/enter.mjs";
import { Icon } from "./icons.mjs";
import { Recording } from "./recording.mjs";

const LIMIT = 8_000;
const WARN_AT = 200;

/** @param {DataTransfer | null} data @returns {File[]} */
export const filesOf = (data) => [...(data?.files ?? [])];

/**
 * @param {{
 *   visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n,
 *   words: import("@preact/signals").Signal<string>, field: {current: HTMLTextAreaElement | null},
 *   recorder: import("./recorder.mjs").Recorder | null
 * }} props `words` is what stands in the field, `field` the field itself for whoever gives it the focus; without a
 *   `recorder` no voice can be sent
 */
export function Composer({ visit, i18n, words, field, recorder }) {
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [isMany, setMany] = useState(false);
  const isRecording = recorder !== null && recorder.state.value !== "idle";
  const wasRecording = useRef(false);
  const text = words.value;
  const left = LIMIT - [...text].length;
  const canSend = text.trim() !== "" && left >= 0;

  function send() {
    const now = words.peek();
    if (now.trim() === "" || [...now].length > LIMIT) return;
    visit.send(now);
    write("");
    field.current?.focus();
  }

  const enter = useMemo(() => createEnter(send), [visit]);

  /** @param {string} value */
  function write(value) {
    words.value = value;
    visit.draft.write(value);
  }

  /** @param {Event} event */
  function onInput(event) {
    write(/** @type {HTMLTextAreaElement} */ (event.target).value);
    visit.type();
  }

  /** @param {ClipboardEvent} event */
  function onPaste(event) {
    const files = filesOf(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    for (const file of files) visit.sendFile(file);
  }

  function onPick() {
    for (const file of picker.current?.files ?? []) visit.sendFile(file);
    if (picker.current) picker.current.value = "";
    field.current?.focus();
  }

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto"; // the one size that only the browser knows: how tall these words are
    area.style.height = `${area.scrollHeight}px`;
    setMany(area.scrollHeight > area.clientHeight + 1);
  }, [text, isRecording]);

  useLayoutEffect(() => {
    if (wasRecording.current && !isRecording) field.current?.focus();
    wasRecording.current = isRecording;
  }, [isRecording]);

  if (isRecording) return html`<div class="composer"><${Recording} recorder=${recorder} i18n=${i18n} /></div>`;

  return html`
    <form
      class="composer"
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        send();
      }}
    >
      ${left < WARN_AT
        ? html`<p class=${`composer__left ${left < 0 ? "composer__left--over" : ""}`} role="status">
            ${i18n.t(left < 0 ? "composer.over" : "composer.left", { count: Math.abs(left) })}
          </p>`
        : null}
      <div class="composer__box">
        <button type="button" class="icon-button composer__button" aria-label=${i18n.t("composer.attach")} hidden=${visit.kinds.length === 0} onClick=${() => picker.current?.click()}>
          <${Icon} name="attach" />
        </button>
        <input ref=${picker} class="visually-hidden" type="file" accept=${visit.kinds.join(",")} multiple tabindex="-1" aria-hidden="true" onChange=${onPick} />
        <textarea
          ref=${field}
          class=${`composer__field ${isMany ? "composer__field--many" : ""}`}
          rows="1"
          enterkeyhint="send"
          dir="auto"
          aria-label=${i18n.t("composer.label")}
          placeholder=${i18n.t("composer.placeholder")}
          value=${text}
          onInput=${onInput}
          onPaste=${onPaste}
          onKeyDown=${enter.onKeyDown}
          onCompositionEnd=${enter.onCompositionEnd}
        ></textarea>
        ${recorder && text === ""
          ? html`<button type="button" class="icon-button composer__button" aria-label=${i18n.t("voice.record")} onClick=${recorder.start}><${Icon} name="microphone" /></button>`
          : null}
        <button type="submit" class="composer__send" disabled=${!canSend} aria-label=${i18n.t("composer.send")}><${Icon} name="send" /></button>
      </div>
    </form>
  `;
}
