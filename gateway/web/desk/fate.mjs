/**
 * What became of a message of ours, in words; and where nobody can say, or it was refused, what the agent can do: send it
 * again, or say that it has arrived.
 */

import { html, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { inWords } from "./reasons.mjs";
import { isSenior } from "./state.mjs";

const ICONS = Object.freeze({ sending: "clock", queued: "clock", sent: "check", delivered: "checks", read: "checks", rejected: "alert", unverified: "question" });
const TROUBLES = Object.freeze(["rejected", "unverified"]);
const LOST = "; ";

/** @typedef {import("./log.mjs").Message} Message */

/** Whether an agent should look at what became of it. @param {Message} message */
export const isTroubled = ({ delivery, problem }) =>
  Boolean(problem) || TROUBLES.includes(delivery?.state ?? "") || (delivery?.reason ?? "").startsWith("edit_failed");

/** A reason's short code, and the words behind it. @param {string} reason @returns {[string, string]} */
function apart(reason) {
  const at = reason.indexOf(": ");
  return at < 0 ? [reason, ""] : [reason.slice(0, at), reason.slice(at + 2)];
}

/** Why it was not delivered; a platform's own code that has no words yet is told by what the platform said. @param {(key: string, values?: any) => string} t @param {string} reason */
function failureInWords(t, reason) {
  const [code, detail] = apart(reason);
  return inWords(t, "failure", code, detail || code);
}

/** @param {Pick<import("./desk.mjs").Desk, "t" | "i18n" | "agentName">} desk @param {{state: string, reason: string}} delivery */
export function deliveryInWords(desk, { state, reason }) {
  const { t, i18n } = desk;
  const [code, detail] = apart(reason);
  const what = t(`delivery.${state}`);
  if (!reason) return what;
  if (state === "queued") return reason === "window" ? t("delivery.window") : what;
  if (TROUBLES.includes(state)) return t("delivery.because", { what, why: failureInWords(t, reason) });
  if (code === "edit_failed") return t("delivery.edit_failed", { why: failureInWords(t, detail) });
  if (code === "arrived") return t("delivery.vouched", { name: desk.agentName(detail) });
  const lost = reason.split(LOST).map((part) => inWords(t, "part", apart(part)[0]));
  return t("delivery.without", { what, lost: new Intl.ListFormat(i18n.language.value).format(lost) });
}

/** Whether this agent may answer for it. @param {import("./desk.mjs").Desk} desk @param {any} conversation */
function maySettle(desk, { state, owner, can_reply: canReply }) {
  const me = desk.state.me.value;
  const isAnothers = state !== "resolved" && owner.kind === "agent" && owner.id !== me.id;
  return (canReply || state === "resolved") && (!isAnothers || isSenior(me));
}

/**
 * The two ways out of a trouble. Sending again is asked once more: the contact may have it twice.
 *
 * @param {{desk: import("./desk.mjs").Desk, message: Message, thread: string}} props
 */
function WaysOut({ desk, message, thread }) {
  const { t, verbs } = desk;
  const [isAsking, setAsking] = useState(false);
  const again = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const wasAsking = useRef(false);
  const isUnsure = message.delivery?.state === "unverified";

  useLayoutEffect(() => {
    if (isAsking !== wasAsking.current) again.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  /** These buttons are gone when it is done: the focus stays in the log. @param {Event} event @param {typeof verbs.resend} verb */
  function settle(event, verb) {
    const log = /** @type {HTMLElement} */ (event.currentTarget).closest(".log");
    verb(thread, message).then((isDone) => isDone && /** @type {HTMLElement | null} */ (log)?.focus());
  }

  if (isAsking) {
    return html`
      <div class="ways-out" role="group" aria-label=${t("delivery.again")} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && setAsking(false)}>
        <span>${t(isUnsure ? "delivery.twice" : "delivery.once_more")}</span>
        <button key="yes" ref=${again} type="button" class="button ways-out__button" onClick=${(/** @type {Event} */ event) => settle(event, verbs.resend)}><${Icon} name="again" />${t("delivery.again_now")}</button>
        <button key="no" type="button" class="button button--quiet ways-out__button" onClick=${() => setAsking(false)}>${t("delivery.not_now")}</button>
      </div>
    `;
  }
  return html`
    <div class="ways-out">
      <button key="again" ref=${again} type="button" class="button ways-out__button" onClick=${() => setAsking(true)}><${Icon} name="again" />${t("delivery.again")}</button>
      ${isUnsure
        ? html`<button key="arrived" type="button" class="button ways-out__button" onClick=${(/** @type {Event} */ event) => settle(event, verbs.vouch)}><${Icon} name="check" />${t("delivery.arrived")}</button>`
        : null}
    </div>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, message: Message, conversation: any}} props */
export function Fate({ desk, message, conversation }) {
  const { t } = desk;
  if (message.problem) {
    return html`
      <p class="fate fate--rejected">
        <${Icon} name="alert" /><span>${t("delivery.refused", { reason: message.problem })}</span>
        <button type="button" class="text-button" onClick=${() => desk.outbox.discard(conversation.thread, message.client_id)}>${t("delivery.discard")}</button>
      </p>
    `;
  }
  if (!message.delivery) return null;
  const { state, reason } = message.delivery;
  const isHeld = state === "queued" && reason === "window";
  const look = state === "sent" && isTroubled(message) ? "unverified" : state;
  const icon = isHeld ? "hourglass" : look !== state ? "alert" : (ICONS[/** @type {keyof typeof ICONS} */ (state)] ?? "clock");
  return html`
    <p class=${`fate fate--${look}`} title=${apart(reason)[1]}><${Icon} name=${icon} /><span>${deliveryInWords(desk, message.delivery)}</span></p>
    ${TROUBLES.includes(state) && maySettle(desk, conversation) ? html`<${WaysOut} desk=${desk} message=${message} thread=${conversation.thread} />` : null}
  `;
}
