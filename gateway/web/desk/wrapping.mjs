/** What the group wants to know before a conversation ends: what it came to, and a note for colleagues. */

import { html, useState } from "/web/shared/html.mjs";
import { presentConversation } from "./commands.mjs";
import { Dialog } from "./dialog.mjs";

const LONGEST_RESULT = 200;
const LONGEST_NOTE = 4_000;

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Wrapping({ desk }) {
  const { t, verbs } = desk;
  const conversation = presentConversation(desk);
  const [disposition, setDisposition] = useState("");
  const [note, setNote] = useState("");
  const [isMissing, setMissing] = useState(false);
  if (!conversation) return null;
  const isSaid = disposition.trim() !== "" || note.trim() !== "";

  /** What is still missing is asked again: the server knows what the group requires. @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (!isSaid) return;
    const end = await verbs.resolve(conversation.id, { disposition: disposition.trim(), note: note.trim() });
    setMissing(end === "missing");
    if (end !== "missing") desk.dialog.value = "";
  }

  return html`
    <${Dialog} desk=${desk} title=${t("wrap.title")}>
      <p class="dialog__text">${t("wrap.text")}</p>
      <form class="form" onSubmit=${onSubmit}>
        <div>
          <label class="label" for="wrap-result">${t("wrap.disposition")}</label>
          <input
            id="wrap-result"
            class="field"
            autofocus
            autocomplete="off"
            maxlength=${LONGEST_RESULT}
            placeholder=${t("wrap.disposition_placeholder")}
            value=${disposition}
            onInput=${(/** @type {Event} */ event) => setDisposition(/** @type {HTMLInputElement} */ (event.target).value)}
          />
        </div>
        <div>
          <label class="label" for="wrap-note">${t("wrap.note")}</label>
          <textarea
            id="wrap-note"
            class="field field--note"
            rows="3"
            maxlength=${LONGEST_NOTE}
            placeholder=${t("wrap.note_placeholder")}
            value=${note}
            onInput=${(/** @type {Event} */ event) => setNote(/** @type {HTMLTextAreaElement} */ (event.target).value)}
          ></textarea>
        </div>
        <footer class="dialog__foot">
          ${isMissing ? html`<p class="dialog__then" role="alert">${t("problem.something-missing")}</p>` : null}
          <button class="button button--primary" disabled=${!isSaid}>${t("action.finish")}</button>
        </footer>
      </form>
    <//>
  `;
}
