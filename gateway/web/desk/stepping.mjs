/** A supervisor steps in, and says why: takes a conversation over, or puts it back into the queue. */

import { html, useState } from "/web/shared/html.mjs";
import { presentConversation } from "./commands.mjs";
import { Dialog } from "./dialog.mjs";

const LONGEST_REASON = 500;

/** @param {{desk: import("./desk.mjs").Desk, verb: "take-over" | "requeue", of: string}} props `of` is which words */
function Stepping({ desk, verb, of }) {
  const { t, verbs } = desk;
  const [reason, setReason] = useState("");
  const [conversation] = useState(presentConversation(desk)); // the one that was asked about
  if (!conversation) return null;

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (await verbs.stepIn(conversation.id, verb, reason.trim())) desk.dialog.value = "";
  }

  return html`
    <${Dialog} desk=${desk} title=${t(`stepping.${of}_title`, { name: desk.contactName(conversation.contact) })}>
      <p class="dialog__text">${t(`stepping.${of}_text`)}</p>
      <form class="form" onSubmit=${onSubmit}>
        <div>
          <label class="label" for="stepping-reason">${t("door.why")}</label>
          <input id="stepping-reason" class="field" autofocus required pattern=".*\\S.*" maxlength=${LONGEST_REASON} autocomplete="off" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} />
        </div>
        <footer class="dialog__foot"><button class="button button--primary">${t(`stepping.${of}_do`)}</button></footer>
      </form>
    <//>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export const TakingOver = ({ desk }) => html`<${Stepping} desk=${desk} verb="take-over" of="take" />`;

/** @param {{desk: import("./desk.mjs").Desk}} props */
export const PuttingBack = ({ desk }) => html`<${Stepping} desk=${desk} verb="requeue" of="requeue" />`;
