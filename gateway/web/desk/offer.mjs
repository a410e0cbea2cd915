/** An offer, on any page: who, for which group, why, and how long it stands. It never takes the focus. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Avatar, ChannelMark } from "./person.mjs";
import { reasonsInWords } from "./reasons.mjs";
import { Priority } from "./row.mjs";

const REASONS = Object.freeze(["busy", "skill", "break", "none"]);
const RADIUS = 15;
const ROUND = 2 * Math.PI * RADIUS;
const URGENT = 5;

/** @param {{left: number, total: number}} props seconds */
function Ring({ left, total }) {
  const share = total > 0 ? Math.max(0, Math.min(1, left / total)) : 0;
  return html`
    <span class=${`ring ${left <= URGENT ? "ring--urgent" : ""}`}>
      <svg class="ring__drawing" viewBox="0 0 36 36" aria-hidden="true">
        <circle class="ring__track" cx="18" cy="18" r=${RADIUS} />
        <circle class="ring__hand" cx="18" cy="18" r=${RADIUS} stroke-dasharray=${ROUND} stroke-dashoffset=${ROUND * (1 - share)} />
      </svg>
      <span class="ring__number" aria-hidden="true">${Math.max(0, Math.ceil(left))}</span>
    </span>
  `;
}

/** Why this one, and why me: from the decision that made the offer. @param {{desk: import("./desk.mjs").Desk, offer: any}} props */
function Reason({ desk, offer }) {
  const { t } = desk;
  const [reason, setReason] = useState("");

  useEffect(() => {
    let isCurrent = true;
    desk.api.trace(offer.conversation).then(
      ({ items }) => {
        const rule = items.flatMap((/** @type {any} */ trace) => trace.rules).find((/** @type {any} */ hit) => hit.stage === "group")?.rule ?? "";
        const why = items.find((/** @type {any} */ trace) => trace.why.length > 0)?.why ?? [];
        if (isCurrent) setReason([rule, reasonsInWords(desk, why)].filter(Boolean).join(" · "));
      },
      () => {}, // an offer is complete without it
    );
    return () => {
      isCurrent = false;
    };
  }, [offer.id]);

  return reason ? html`<p class="offer__reason"><${Icon} name="route" /><span>${reason}</span></p>` : null;
}

/** @param {{desk: import("./desk.mjs").Desk, offer: any, isFirst: boolean}} props */
function Offer({ desk, offer, isFirst }) {
  const { t, state, verbs, now } = desk;
  const [isDeclining, setDeclining] = useState(false);
  const [total] = useState(offer.expires_at ? (Date.parse(offer.expires_at) - Date.now()) / 1_000 : 0);
  const conversation = state.conversations.value.get(offer.conversation);
  const left = offer.expires_at ? (Date.parse(offer.expires_at) - now.value) / 1_000 : 0;
  return html`
    <article class="offer" aria-label=${t("offer.label", { name: desk.contactName(offer.contact) })}>
      <div class="offer__head">
        <${Avatar} name=${offer.contact.name} of=${offer.contact.id} />
        <div class="offer__who">
          <h2 class="offer__name">${desk.contactName(offer.contact)}</h2>
          <p class="offer__facts">
            ${conversation ? html`<${ChannelMark} desk=${desk} conversation=${conversation} />` : null}
            <span>${desk.groupName(offer.group, conversation?.group_name)}</span>
            ${conversation ? html`<${Priority} desk=${desk} priority=${conversation.priority} />` : null}
          </p>
        </div>
        ${offer.expires_at ? html`<${Ring} left=${left} total=${Math.max(total, left)} />` : null}
      </div>
      ${conversation?.excerpt ? html`<p class="offer__words" dir="auto">${conversation.excerpt}</p>` : null}
      <${Reason} desk=${desk} offer=${offer} />
      ${isDeclining
        ? html`
            <div class="chips" role="group" aria-label=${t("offer.why")}>
              ${REASONS.map((name) => html`<button type="button" class="chip" onClick=${() => verbs.decline(offer, name)}>${t(`decline.${name}`)}</button>`)}
            </div>
          `
        : html`
            <div class="offer__verbs">
              <button type="button" class="button" onClick=${() => setDeclining(true)}>${t("offer.decline")}</button>
              <button type="button" class="button button--primary offer__accept" onClick=${() => verbs.accept(offer.conversation, offer.id)}>
                ${t("offer.accept")}${isFirst ? html`<kbd>o</kbd>` : null}
              </button>
            </div>
          `}
    </article>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Offers({ desk }) {
  const offers = desk.state.offers.value.filter((offer) => offer.mode !== "auto");
  return html`
    <section class="offers" aria-label=${desk.t("offer.region")} hidden=${offers.length === 0}>
      ${offers.length > 1 ? html`<p class="offers__more">${desk.t("offer.more", { count: offers.length - 1 })}</p>` : null}
      ${offers.map((offer, index) => html`<${Offer} key=${offer.id} desk=${desk} offer=${offer} isFirst=${index === 0} />`)}
    </section>
  `;
}
