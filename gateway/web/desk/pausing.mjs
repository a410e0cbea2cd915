/** A queue stands still: a supervisor pauses it, with a reason and for as long as needed, and lets it go on. */

import { html, useState } from "/web/shared/html.mjs";
import { Dialog } from "./dialog.mjs";
import { localInstant } from "./doors.mjs";
import { Icon } from "./icons.mjs";

const LONGEST_REASON = 500;

/** That a queue is paused, by whom and why. @param {{desk: import("./desk.mjs").Desk, pause: any}} props */
export function Paused({ desk, pause }) {
  const { t } = desk;
  const words = pause.until ? t("pausing.until_then", { when: desk.when(pause.until) }) : t("pausing.paused");
  const why = `${desk.agentName(pause.by)}: ${pause.reason}`;
  return html`<span class="tag" title=${why}><${Icon} name="pause" />${words}<span class="visually-hidden"> ${why}</span></span>`;
}

/** @param {{desk: import("./desk.mjs").Desk, queue: any, onClose: () => void}} props */
export function Pausing({ desk, queue, onClose }) {
  const { t, verbs } = desk;
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const name = desk.groupName(queue.group, queue.name);

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    const end = until ? { until: new Date(until).toISOString() } : {};
    if (await verbs.pauseQueue(queue.group, { reason: reason.trim(), ...end }, name)) onClose();
  }

  return html`
    <${Dialog} desk=${desk} title=${t("pausing.title", { group: name })} onClose=${onClose}>
      <p class="dialog__text">${t("pausing.text")}</p>
      <form class="form" onSubmit=${onSubmit}>
        <div>
          <label class="label" for="pause-reason">${t("door.why")}</label>
          <input id="pause-reason" class="field" autofocus required pattern=".*\\S.*" maxlength=${LONGEST_REASON} autocomplete="off" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} />
        </div>
        <div>
          <label class="label" for="pause-until">${t("pausing.until")}</label>
          <input id="pause-until" class="field" type="datetime-local" min=${localInstant(new Date(desk.now.peek()))} value=${until} onInput=${(/** @type {any} */ event) => setUntil(event.target.value)} />
        </div>
        <footer class="dialog__foot"><button class="button button--primary">${t("pausing.pause")}</button></footer>
      </form>
    <//>
  `;
}

/** What a supervisor can do with a group's queue. @param {{desk: import("./desk.mjs").Desk, queue: any, onAsk: () => void}} props */
export function PauseActions({ desk, queue, onAsk }) {
  const { t, verbs } = desk;
  const name = desk.groupName(queue.group, queue.name);
  const say = (/** @type {string} */ key) => html`${t(key)}<span class="visually-hidden"> ${name}</span>`;
  return queue.pause
    ? html`<button type="button" class="text-button" onClick=${() => verbs.resumeQueue(queue.group, name)}>${say("pausing.resume")}</button>`
    : html`<button type="button" class="text-button" aria-haspopup="dialog" onClick=${onAsk}>${say("pausing.pause")}</button>`;
}
