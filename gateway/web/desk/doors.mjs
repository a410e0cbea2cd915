/** A group's door: a supervisor closes or opens it until an instant, whatever the hours say. */

import { html, useState } from "/web/shared/html.mjs";
import { Dialog } from "./dialog.mjs";
import { Icon } from "./icons.mjs";
import { usualInstants } from "./parking.mjs";

const LONGEST_REASON = 500;

/** An instant as a field for date and time takes it, in the reader's zone. @param {Date} at */
export function localInstant(at) {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What was decided for a group in place of its hours. @param {{desk: import("./desk.mjs").Desk, override: any}} props */
export function Decided({ desk, override }) {
  const { t } = desk;
  const words = t(override.open ? "door.open_until" : "door.closed_until", { when: desk.when(override.until) });
  return html`<span class="tag" title=${`${desk.agentName(override.by)}: ${override.reason}`}><${Icon} name="door" />${words}<span class="visually-hidden"> ${desk.agentName(override.by)}: ${override.reason}</span></span>`;
}

/** @param {{desk: import("./desk.mjs").Desk, queue: any, onClose: () => void}} props */
export function Door({ desk, queue, onClose }) {
  const { t, verbs } = desk;
  const usual = usualInstants(new Date(desk.now.peek()));
  const [until, setUntil] = useState(localInstant(usual[0].at));
  const [reason, setReason] = useState("");
  const name = desk.groupName(queue.group, queue.name);
  const [isOpening] = useState(!queue.open); // what was asked for, whatever becomes of the group meanwhile
  const verb = isOpening ? "open" : "close";

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    const at = new Date(until).toISOString();
    if (await verbs.overrideHours(queue.group, { open: isOpening, until: at, reason: reason.trim() }, name)) onClose();
  }

  return html`
    <${Dialog} desk=${desk} title=${t(`door.${verb}_title`, { group: name })} onClose=${onClose}>
      <p class="dialog__text">${t(`door.${verb}_text`)}</p>
      <form class="form" onSubmit=${onSubmit}>
        <div>
          <label class="label" for="door-reason">${t("door.why")}</label>
          <input id="door-reason" class="field" autofocus required pattern=".*\\S.*" maxlength=${LONGEST_REASON} autocomplete="off" value=${reason} onInput=${(/** @type {any} */ event) => setReason(event.target.value)} />
        </div>
        <div>
          <label class="label" for="door-until">${t("door.until")}</label>
          <input id="door-until" class="field" type="datetime-local" required min=${localInstant(new Date(desk.now.peek()))} value=${until} onInput=${(/** @type {any} */ event) => setUntil(event.target.value)} />
          <div class="chips door__usual" role="group" aria-label=${t("door.until")}>
            ${usual.map(
              ({ id, at }) => html`<button type="button" class="chip" aria-pressed=${until === localInstant(at)} onClick=${() => setUntil(localInstant(at))}>${t(`park.${id}`)}</button>`,
            )}
          </div>
        </div>
        <footer class="dialog__foot"><button class="button button--primary">${t(`door.${verb}`)}</button></footer>
      </form>
    <//>
  `;
}

/** What a supervisor can do at a group's door. @param {{desk: import("./desk.mjs").Desk, queue: any, onAsk: () => void}} props */
export function DoorActions({ desk, queue, onAsk }) {
  const { t, verbs } = desk;
  const name = desk.groupName(queue.group, queue.name);
  const say = (/** @type {string} */ key) => html`${t(key)}<span class="visually-hidden"> ${name}</span>`;
  return queue.override
    ? html`<button type="button" class="text-button" onClick=${() => verbs.takeHoursBack(queue.group, name)}>${say("door.back")}</button>`
    : html`<button type="button" class="text-button" aria-haspopup="dialog" onClick=${onAsk}>${say(queue.open ? "door.close" : "door.open")}</button>`;
}
