/** One message in the log: whose it is, what it says, whether it was edited, and what became of it, in words. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Part } from "./part.mjs";
import { Avatar } from "./person.mjs";
import { inWords } from "./reasons.mjs";

const FATES = Object.freeze({ sending: "clock", queued: "clock", sent: "check", delivered: "checks", read: "checks", rejected: "alert", unverified: "question" });
const TROUBLED = Object.freeze(["rejected", "unverified"]);
const BARE = Object.freeze(["image", "video", "sticker"]);

/** @param {{desk: import("./desk.mjs").Desk, message: import("./log.mjs").Message, thread: string}} props */
function Fate({ desk, message, thread }) {
  const { t } = desk;
  if (message.problem) {
    return html`
      <p class="fate fate--rejected">
        <${Icon} name="alert" /><span>${t("delivery.refused", { reason: message.problem })}</span>
        <button type="button" class="text-button" onClick=${() => desk.outbox.discard(thread, message.client_id)}>${t("delivery.discard")}</button>
      </p>
    `;
  }
  if (!message.delivery) return null;
  const { state, reason } = message.delivery;
  if (state === "queued" && reason === "window") {
    return html`<p class="fate fate--queued"><${Icon} name="hourglass" /><span>${t("delivery.window")}</span></p>`;
  }
  const why = reason ? inWords(t, "failure", reason) : "";
  const words = why && TROUBLED.includes(state) ? t("delivery.because", { what: t(`delivery.${state}`), why }) : t(`delivery.${state}`);
  return html`<p class=${`fate fate--${state}`}><${Icon} name=${FATES[/** @type {keyof typeof FATES} */ (state)] ?? "clock"} /><span>${words}</span></p>`;
}

/** @param {{desk: import("./desk.mjs").Desk, message: import("./log.mjs").Message}} props */
function Stamp({ desk, message }) {
  const full = new Intl.DateTimeFormat(desk.i18n.language.value, { dateStyle: "full", timeStyle: "medium" }).format(new Date(message.at));
  return html`
    <span class="stamp">
      <time datetime=${message.at} title=${full}>${desk.i18n.clock(message.at)}</time>
      ${message.edited_at ? html`<span title=${desk.when(message.edited_at)}>${desk.t("message.edited")}</span>` : null}
    </span>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, message: import("./log.mjs").Message}} props */
function Note({ desk, message }) {
  return html`
    <li class="message message--note">
      <div class="note">
        <p class="note__head"><${Icon} name="lock" /><strong>${message.author.name}</strong><span>${desk.t("message.note")}</span><${Stamp} desk=${desk} message=${message} /></p>
        ${message.parts.map((part, index) => html`<${Part} key=${index} desk=${desk} part=${part} />`)}
      </div>
    </li>
  `;
}

/**
 * @param {{
 *   desk: import("./desk.mjs").Desk, message: import("./log.mjs").Message, thread: string, isFirst: boolean, isLast: boolean,
 *   contactId: string
 * }} props `isFirst` and `isLast` of a run by the same author
 */
export function MessageRow({ desk, message, thread, isFirst, isLast, contactId }) {
  const { t } = desk;
  if (message.note && message.author.kind === "system") {
    return html`<li class="message message--system"><p class="system">${message.text} <${Stamp} desk=${desk} message=${message} /></p></li>`;
  }
  if (message.note) return html`<${Note} desk=${desk} message=${message} />`;
  const isTheirs = message.direction === "in";
  const isAutomatic = message.author.kind === "bot" || message.author.kind === "system";
  const isBare = message.parts.length > 0 && message.parts.every((part) => BARE.includes(part.kind) && part.url);
  const isTroubled = Boolean(message.problem) || TROUBLED.includes(message.delivery?.state ?? "") || message.seq === 0;
  const name = isAutomatic ? message.author.name || t("message.automatic") : message.author.name;
  const look = isTheirs ? "theirs" : isAutomatic ? "auto" : "ours";
  return html`
    <li class=${`message message--${look} ${isFirst ? "message--first" : ""} ${isLast ? "message--last" : ""}`}>
      ${isFirst
        ? html`<p class="message__name">${isAutomatic ? html`<${Icon} name="bot" />` : null}${name || desk.contactName({ id: contactId, name })}</p>`
        : html`<span class="visually-hidden">${name}</span>`}
      <div class="message__line">
        ${isTheirs ? html`<span class="message__avatar">${isLast ? html`<${Avatar} name=${name} of=${contactId} size="s" />` : null}</span>` : null}
        <div class=${`bubble ${isBare ? "bubble--bare" : ""} ${message.problem || message.delivery?.state === "rejected" ? "bubble--troubled" : ""}`}>
          ${message.parts.length === 0
            ? html`<p class="words words--faint">${t("message.came")}</p>`
            : message.parts.map((part, index) => html`<${Part} key=${index} desk=${desk} part=${part} />`)}
        </div>
        <${Stamp} desk=${desk} message=${message} />
      </div>
      ${isTheirs || !(isLast || isTroubled) ? null : html`<${Fate} desk=${desk} message=${message} thread=${thread} />`}
    </li>
  `;
}
