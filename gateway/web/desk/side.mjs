/** The right pane: who the contact is, or why the conversation is here. On a phone it is a drawer over the conversation. */

import { html } from "/web/shared/html.mjs";
import { Contact } from "./contact.mjs";
import { Icon } from "./icons.mjs";
import { addressOf, SIDES } from "./place.mjs";
import { Why } from "./why.mjs";

/** @param {{desk: import("./desk.mjs").Desk, id: string}} props */
export function Side({ desk, id }) {
  const { t, place, state } = desk;
  const at = place.at.value;
  const conversation = state.conversations.value.get(id);
  const side = at.side || "contact";
  if (!conversation) return html`<aside class="side" aria-label=${t("side.label")}></aside>`;
  return html`
    <aside class="side" aria-label=${t("side.label")}>
      <nav class="tabs side__tabs" aria-label=${t("side.label")}>
        ${SIDES.map(
          (name) => html`
            <a
              class="tab"
              href=${addressOf({ ...at, side: name })}
              aria-current=${side === name ? "true" : undefined}
              onClick=${(/** @type {MouseEvent} */ event) => {
                event.preventDefault();
                place.go({ side: name }, { replace: true });
              }}
            ><${Icon} name=${name === "why" ? "route" : "person"} />${t(`side.${name}`)}</a>
          `,
        )}
        <button type="button" class="icon-button side__close" aria-label=${t("side.close")} onClick=${() => place.go({ side: "" }, { replace: true })}><${Icon} name="close" /></button>
      </nav>
      <div class="side__body" tabindex="0" role="region" aria-label=${t(`side.${side}`)}>
        ${side === "why"
          ? html`<${Why} key=${id} desk=${desk} conversation=${conversation} />`
          : html`<${Contact} key=${conversation.contact.id} desk=${desk} conversation=${conversation} />`}
      </div>
    </aside>
  `;
}
