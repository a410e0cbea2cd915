/** The middle pane: head with the verbs, the log, and the composer. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Actions } from "./actions.mjs";
import { Composer } from "./composer.mjs";
import { Due, OwedNext, owesAnswer } from "./due.mjs";
import { Icon, Mark } from "./icons.mjs";
import { LogView } from "./logview.mjs";
import { Avatar, ChannelMark } from "./person.mjs";
import { Priority } from "./row.mjs";
import { Window } from "./window.mjs";

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
function Head({ desk, conversation }) {
  const { t, place, state } = desk;
  const at = place.at.value;
  const others = (state.viewing.value.get(conversation.id) ?? []).filter((id) => id !== state.me.value.id);
  const isWrittenIn = state.isMine(conversation) && conversation.can_reply; // then the composer shows what the channel allows
  const isNobodys = conversation.owner.kind === "queue" || conversation.state === "resolved";
  const owner = isNobodys ? t(`state.${conversation.state}`) : conversation.owner.id === state.me.value.id ? t("owner.me") : conversation.owner.name;
  return html`
    <header class="head">
      <button type="button" class="icon-button head__back" aria-label=${t("head.back")} onClick=${() => place.go({ name: "list", id: "", side: "" })}>
        <${Icon} name="back" />
      </button>
      <span class="head__avatar"><${Avatar} name=${conversation.contact.name} of=${conversation.contact.id} /></span>
      <div class="head__who">
        <h1 class="head__name">${desk.contactName(conversation.contact)}<${Priority} desk=${desk} priority=${conversation.priority} /></h1>
        <p class="head__facts">
          ${owesAnswer(conversation) ? null : html`<${Due} desk=${desk} conversation=${conversation} isLong=${true} />`}
          <${OwedNext} desk=${desk} conversation=${conversation} />
          <${ChannelMark} desk=${desk} conversation=${conversation} />
          ${isWrittenIn ? null : html`<${Window} desk=${desk} conversation=${conversation} />`}
          <span>${desk.groupName(conversation.group, conversation.group_name)}</span>
          <span class=${`head__owner head__owner--${conversation.state}`}>${owner}</span>
          ${others.length > 0
            ? html`<span class="head__others" title=${others.map(desk.agentName).join("、")}><${Icon} name="people" />${t("head.looking", { names: others.map(desk.agentName).join(" · ") })}</span>`
            : null}
        </p>
      </div>
      <${Actions} desk=${desk} conversation=${conversation} />
      <button type="button" class="icon-button head__side" aria-label=${t("head.side")} aria-pressed=${Boolean(at.side)} onClick=${() => place.go({ side: at.side ? "" : "contact" }, { replace: true })}>
        <${Icon} name="side" />
      </button>
    </header>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
function Nothing({ desk }) {
  const { t } = desk;
  const { mine, waiting } = desk.state.lists.value;
  return html`
    <main class="conversation conversation--none">
      <div class="empty">
        <span class="empty__picture empty__picture--mark"><${Mark} /></span>
        <h1 class="empty__title">${t("none.title")}</h1>
        <p class="empty__text">${t("none.counts", { mine: mine.length, waiting: waiting.length })}</p>
        <p class="empty__keys"><kbd>j</kbd><kbd>k</kbd> ${t("none.move")} <kbd>?</kbd> ${t("none.keys")}</p>
      </div>
    </main>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, id: string}} props */
export function Conversation({ desk, id }) {
  const { t, state, place } = desk;
  const [isGone, setGone] = useState(false);

  useEffect(() => {
    if (id) desk.open(id).then((isThere) => setGone(!isThere));
  }, [id]);

  if (!id) return html`<${Nothing} desk=${desk} />`;
  const conversation = state.conversations.value.get(id);
  if (isGone || !conversation) {
    return html`
      <main class="conversation conversation--none" aria-busy=${!isGone}>
        ${isGone
          ? html`
              <div class="empty">
                <span class="empty__picture"><${Icon} name="door" /></span>
                <h1 class="empty__title">${t("gone.title")}</h1>
                <p class="empty__text">${t("gone.text")}</p>
                <button type="button" class="button" onClick=${() => place.go({ name: "list", id: "", side: "" })}>${t("gone.back")}</button>
              </div>
            `
          : html`<h1 class="visually-hidden">${t("head.loading")}</h1>`}
      </main>
    `;
  }
  return html`
    <main class="conversation">
      <${Head} desk=${desk} conversation=${conversation} />
      <${LogView} desk=${desk} conversation=${conversation} />
      <${Composer} desk=${desk} conversation=${conversation} />
    </main>
  `;
}
