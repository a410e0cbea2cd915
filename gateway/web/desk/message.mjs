/** One message in the log: whose it is, what it says, whether it was edited, and what became of it, in words. */

import { html } from "/web/shared/html.mjs";
import { Fate } from "./fate.mjs";
import { Icon } from "./icons.mjs";
import { Part } from "./part.mjs";
import { Avatar } from "./person.mjs";
import { canReword, Rewording } from "./rewording.mjs";

const BARE = Object.freeze(["image", "video", "sticker"]);

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
        <p class="note__head"><${Icon} name="lock" /><strong>${message.author.name}</strong><span>${desk.t(message.whisper ? "message.whisper" : "message.note")}</span><${Stamp} desk=${desk} message=${message} /></p>
        ${message.parts.map((part, index) => html`<${Part} key=${index} desk=${desk} part=${part} />`)}
      </div>
    </li>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, message: import("./log.mjs").Message}} props */
function Edit({ desk, message }) {
  const label = desk.t("reword.begin");
  const begin = () => {
    desk.rewording.value = message.id;
  };
  return html`<button type="button" class="icon-button icon-button--small message__edit" aria-label=${label} title=${label} onClick=${begin}><${Icon} name="pencil" /></button>`;
}

/**
 * @param {{
 *   desk: import("./desk.mjs").Desk, message: import("./log.mjs").Message, conversation: any, isFirst: boolean, isLast: boolean,
 *   hasFate: boolean
 * }} props `isFirst` and `isLast` of a run by the same author; `conversation` is the open one; `hasFate` tells what became of it
 */
export function MessageRow({ desk, message, conversation, isFirst, isLast, hasFate }) {
  const { t } = desk;
  if (message.note && message.author.kind === "system") {
    return html`<li class="message message--system"><p class="system">${message.text} <${Stamp} desk=${desk} message=${message} /></p></li>`;
  }
  if (message.note) return html`<${Note} desk=${desk} message=${message} />`;
  const isTheirs = message.direction === "in";
  const isAutomatic = message.author.kind === "bot" || message.author.kind === "system";
  const isBare = message.parts.length > 0 && message.parts.every((part) => BARE.includes(part.kind) && part.url);
  const isRefused = Boolean(message.problem) || message.delivery?.state === "rejected";
  const contactId = conversation.contact.id;
  const name = isAutomatic ? message.author.name || t("message.automatic") : message.author.name;
  const isEditable = canReword(desk, conversation, message);
  const isEditing = isEditable && desk.rewording.value === message.id;
  const look = isTheirs ? "theirs" : isAutomatic ? "auto" : "ours";
  return html`
    <li class=${`message message--${look} ${isFirst ? "message--first" : ""} ${isLast ? "message--last" : ""}`}>
      ${isFirst
        ? html`<p class="message__name">${isAutomatic ? html`<${Icon} name="bot" />` : null}${name || desk.contactName({ id: contactId, name })}</p>`
        : html`<span class="visually-hidden">${name}</span>`}
      <div class="message__line">
        ${isTheirs ? html`<span class="message__avatar">${isLast ? html`<${Avatar} name=${name} of=${contactId} size="s" />` : null}</span>` : null}
        ${isEditing
          ? html`<${Rewording} desk=${desk} message=${message} conversation=${conversation} />`
          : html`
              <div class=${`bubble ${isBare ? "bubble--bare" : ""} ${isRefused ? "bubble--troubled" : ""}`}>
                ${message.parts.length === 0
                  ? html`<p class="words words--faint">${t("message.came")}</p>`
                  : message.parts.map((part, index) => html`<${Part} key=${index} desk=${desk} part=${part} />`)}
              </div>
              <${Stamp} desk=${desk} message=${message} />
              ${isEditable ? html`<${Edit} desk=${desk} message=${message} />` : null}
            `}
      </div>
      ${isTheirs || !hasFate ? null : html`<${Fate} desk=${desk} message=${message} conversation=${conversation} />`}
    </li>
  `;
}
