/** A supervisor tells a whole group something: the agents who are at their desks read it, no contact does. */

import { html, useState } from "/web/shared/html.mjs";
import { Dialog } from "./dialog.mjs";

const LONGEST = 500;

/** @param {{desk: import("./desk.mjs").Desk, queue: any, onClose: () => void}} props */
export function Addressing({ desk, queue, onClose }) {
  const { t, verbs } = desk;
  const [text, setText] = useState("");
  const name = desk.groupName(queue.group, queue.name);

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (text.trim() !== "" && (await verbs.addressGroup(queue.group, text.trim(), name))) onClose();
  }

  return html`
    <${Dialog} desk=${desk} title=${t("addressing.title", { group: name })} onClose=${onClose}>
      <p class="dialog__text">${t("addressing.text")}</p>
      <form class="form" onSubmit=${onSubmit}>
        <div>
          <label class="label" for="address-words">${t("addressing.words")}</label>
          <textarea id="address-words" class="field" rows="3" autofocus required maxlength=${LONGEST} value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea>
        </div>
        <footer class="dialog__foot"><button class="button button--primary">${t("addressing.send")}</button></footer>
      </form>
    <//>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, queue: any, onAsk: () => void}} props */
export function AddressAction({ desk, queue, onAsk }) {
  const { t } = desk;
  const name = desk.groupName(queue.group, queue.name);
  return html`<button type="button" class="text-button" aria-haspopup="dialog" onClick=${onAsk}>${t("addressing.address")}<span class="visually-hidden"> ${name}</span></button>`;
}
