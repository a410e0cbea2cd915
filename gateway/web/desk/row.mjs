/** One conversation in a list: who, through what, the last words, and how long they have waited. */

import { html } from "/web/shared/html.mjs";
import { Due, OwedNext, clockOf } from "./due.mjs";
import { Icon } from "./icons.mjs";
import { Avatar, ChannelMark } from "./person.mjs";
import { addressOf } from "./place.mjs";
import { inWords } from "./reasons.mjs";

const TAGS = 2;

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
function LastWords({ desk, conversation }) {
  const { t, drafts, state } = desk;
  const typing = state.typing.value.get(conversation.id);
  if (typing?.who === "contact" && typing.until > desk.now.value) return html`<span class="row__typing">${t("row.typing")}</span>`;
  if (drafts.has(conversation.id)) {
    return html`<span class="row__draft">${t("row.draft")}</span> ${drafts.read(conversation.id).text}`;
  }
  const last = conversation.last_message;
  if (!last) return conversation.excerpt;
  const words = last.text || t("row.file");
  return last.author === "contact" ? words : html`<span class="row__ours">${t(last.author === "agent" ? "row.us" : "row.auto")}</span> ${words}`;
}

/** Where it stands, when that is not plain from the list. @param {{desk: import("./desk.mjs").Desk, conversation: any, list: string}} props */
function Standing({ desk, conversation, list }) {
  const { t } = desk;
  if (conversation.state === "parked") {
    const words = conversation.parked_until ? t("row.parked_until", { when: desk.when(conversation.parked_until) }) : t("state.parked");
    return html`<span class="tag tag--plain"><${Icon} name="pause" />${words}</span>`;
  }
  if (list === "mine") return conversation.state === "wrapping" ? html`<span class="tag tag--plain">${t("state.wrapping")}</span>` : null;
  if (list === "waiting") return html`<span class="tag tag--plain">${desk.groupName(conversation.group, conversation.group_name)}</span>`;
  const who = conversation.state === "active" || conversation.state === "bot" ? conversation.owner.name : t(`state.${conversation.state}`);
  return html`<span class="tag tag--plain">${who}</span>`;
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Row({ desk, conversation }) {
  const { t, place, state, i18n } = desk;
  const at = place.at.value;
  const isUnread = state.isUnread(conversation) && state.isMine(conversation);
  const isOpen = at.id === conversation.id;
  const clock = clockOf(conversation, desk.now.value);
  const tags = conversation.tags.slice(0, TAGS);
  const href = addressOf({ ...at, name: "conversation", id: conversation.id });
  return html`
    <li>
      <a
        class=${`row ${isOpen ? "row--open" : ""} ${isUnread ? "row--unread" : ""} ${clock ? `row--${clock.tone}` : ""}`}
        href=${href}
        data-conversation=${conversation.id}
        aria-current=${isOpen ? "true" : undefined}
        onClick=${place.follow}
      >
        <${Avatar} name=${conversation.contact.name} of=${conversation.contact.id} />
        <span class="row__body">
          <span class="row__line">
            <span class="row__name">${desk.contactName(conversation.contact)}</span>
            ${clock
              ? html`<${Due} desk=${desk} conversation=${conversation} />`
              : html`<time class="row__time" datetime=${conversation.last_message?.at ?? conversation.created_at}>${when(desk, conversation)}</time>`}
          </span>
          <span class="row__line">
            <span class="row__words" dir="auto"><${LastWords} desk=${desk} conversation=${conversation} /></span>
            ${isUnread ? html`<span class="row__dot"><span class="visually-hidden">${t("row.unread")}</span></span>` : null}
          </span>
          <span class="row__marks">
            <${ChannelMark} desk=${desk} conversation=${conversation} />
            <${Priority} desk=${desk} priority=${conversation.priority} />
            <${OwedNext} desk=${desk} conversation=${conversation} />
            <${Standing} desk=${desk} conversation=${conversation} list=${at.list} />
            ${tags.map((/** @type {string} */ tag) => html`<span class="tag">${tag}</span>`)}
            ${conversation.tags.length > TAGS ? html`<span class="tag">+${i18n.number(conversation.tags.length - TAGS)}</span>` : null}
          </span>
        </span>
      </a>
    </li>
  `;
}

/** @param {import("./desk.mjs").Desk} desk @param {any} conversation */
function when(desk, conversation) {
  const at = conversation.last_message?.at ?? conversation.created_at;
  const isToday = new Date(at).toDateString() === new Date(desk.now.value).toDateString();
  return isToday ? desk.i18n.clock(at) : new Intl.DateTimeFormat(desk.i18n.language.value, { month: "numeric", day: "numeric" }).format(new Date(at));
}

/** A priority that is not the ordinary one. @param {{desk: import("./desk.mjs").Desk, priority: string}} props */
export function Priority({ desk, priority }) {
  if (priority === "normal") return null;
  return html`<span class=${`tag tag--priority-${priority}`}><${Icon} name=${priority === "low" ? "down" : "bolt"} />${priorityName(desk, priority)}</span>`;
}

/** The administrator names priorities; the usual ones have words. @param {import("./desk.mjs").Desk} desk @param {string} priority */
export const priorityName = (desk, priority) => inWords(desk.t, "priority", priority);
