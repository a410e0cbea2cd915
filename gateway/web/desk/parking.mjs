/** Parking: until the contact writes again, or until an instant. */

import { html, useRef } from "/web/shared/html.mjs";
import { presentConversation } from "./commands.mjs";
import { Dialog } from "./dialog.mjs";
import { Icon } from "./icons.mjs";

const MORNING = 9;

/** The instants that are worth a button. @param {Date} now */
export function usualInstants(now) {
  const inHours = (/** @type {number} */ hours) => new Date(now.getTime() + hours * 3_600_000);
  const morning = (/** @type {number} */ days) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
  const untilMonday = ((8 - now.getDay()) % 7) || 7;
  const instants = [
    { id: "hour", at: inHours(1) },
    { id: "hours", at: inHours(4) },
    { id: "tomorrow", at: morning(1) },
  ];
  return untilMonday === 1 ? instants : [...instants, { id: "monday", at: morning(untilMonday) }];
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Parking({ desk }) {
  const { t, verbs } = desk;
  const conversation = presentConversation(desk);
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  if (!conversation) return null;

  /** @param {Date | null} until */
  function park(until) {
    desk.dialog.value = "";
    verbs.park(conversation.id, until ? until.toISOString() : null);
  }

  return html`
    <${Dialog} desk=${desk} title=${t("park.title")}>
      <p class="dialog__text">${t("park.text")}</p>
      <div class="menu">
        <button type="button" class="menu__item menu__item--tall" autofocus onClick=${() => park(null)}>
          <${Icon} name="pause" /><span class="menu__words">${t("park.contact")}<small class="menu__hint">${t("park.contact_hint")}</small></span>
        </button>
        ${usualInstants(new Date(desk.now.peek())).map(
          ({ id, at }) => html`
            <button type="button" class="menu__item" onClick=${() => park(at)}>
              <${Icon} name="clock" /><span class="menu__words">${t(`park.${id}`)}</span><span class="menu__aside">${desk.when(at.toISOString())}</span>
            </button>
          `,
        )}
      </div>
      <form
        class="park__own"
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          if (field.current?.value) park(new Date(field.current.value));
        }}
      >
        <label class="label" for="park-until">${t("park.own")}</label>
        <div class="inline"><input ref=${field} id="park-until" class="field" type="datetime-local" required /><button class="button">${t("action.park")}</button></div>
      </form>
    <//>
  `;
}
