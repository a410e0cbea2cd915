/** The left pane: the agent's own state, four lists, and a row for each conversation. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { addressOf } from "./place.mjs";
import { Presence } from "./presence.mjs";
import { Row } from "./row.mjs";

const TABS = Object.freeze(["mine", "waiting", "mentions", "all"]);
const PICTURES = Object.freeze({ mine: "inbox", waiting: "check", mentions: "at", all: "inbox" });

/** @param {{desk: import("./desk.mjs").Desk, list: string}} props */
function Empty({ desk, list }) {
  const { t } = desk;
  return html`
    <div class="empty">
      <span class="empty__picture"><${Icon} name=${PICTURES[/** @type {keyof typeof PICTURES} */ (list)]} /></span>
      <p class="empty__title">${t(`list.empty_${list}`)}</p>
      <p class="empty__text">${t(`list.empty_${list}_hint`)}</p>
    </div>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function List({ desk }) {
  const { t, place, state } = desk;
  const at = place.at.value;
  const lists = state.lists.value;
  const shown = lists[/** @type {keyof typeof lists} */ (at.list)];
  return html`
    <section class="list" aria-label=${t("rail.conversations")}>
      <${Presence} desk=${desk} />
      <nav class="tabs" aria-label=${t("list.label")}>
        ${TABS.map(
          (list) => html`
            <a class="tab" href=${addressOf({ ...at, list })} aria-current=${at.list === list ? "true" : undefined} onClick=${place.follow}>
              ${t(`list.${list}`)}
              ${list === "all" ? null : html`<span class="tab__count">${lists[/** @type {keyof typeof lists} */ (list)].length}</span>`}
            </a>
          `,
        )}
      </nav>
      <div class="rows" id="rows">
        ${shown.length === 0 && desk.isLoaded.value ? html`<${Empty} desk=${desk} list=${at.list} />` : null}
        <ul>
          ${shown.map((conversation) => html`<${Row} key=${conversation.id} desk=${desk} conversation=${conversation} />`)}
        </ul>
        ${at.list === "all" && desk.hasMore.value
          ? html`<button type="button" class="button button--quiet rows__more" onClick=${desk.loadMore}>${t("list.more")}</button>`
          : null}
      </div>
    </section>
  `;
}
