/** The agent's own state: what was chosen, how much is carried, and why nothing comes. */

import { html, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Avatar } from "./person.mjs";
import { Popover } from "./popover.mjs";

const CHOICES = Object.freeze(["ready", "draining", "away", "off"]);
const MANY = 2;
const AWAY_REASONS = Object.freeze(["break", "meal", "meeting", "training"]);

/** How an agent stands in one word: the intent, unless the line is lost. @param {any} agent */
export function standingOf(agent) {
  if (agent.intent === "off") return "off";
  if (agent.reachability === "gone" || agent.reachability === "lost") return "lost";
  return agent.intent;
}

/** @param {{load: number, units: number, label: string}} props */
export function Load({ load, units, label }) {
  const tone = load >= units ? "full" : load / units > 0.75 ? "high" : "calm";
  return html`<meter class=${`load load--${tone}`} min="0" max=${Math.max(units, load, 1)} value=${load} aria-label=${label}></meter>`;
}

/** Channels whose conversations come although the agent is away. @param {{desk: import("./desk.mjs").Desk}} props */
function StillComing({ desk }) {
  const { t, verbs } = desk;
  const me = desk.state.me.value;

  /** @param {string} channel */
  function toggle(channel) {
    const rest = me.channels.filter((/** @type {string} */ other) => other !== channel);
    verbs.setPresence({ channels: rest.length < me.channels.length ? rest : [...rest, channel] });
  }

  return html`
    <p id="still-coming" class="menu__title">${t("presence.still")}</p>
    <div class="chips" role="group" aria-labelledby="still-coming">
      ${me.all_channels.map(
        (/** @type {string} */ channel) => html`
          <button type="button" class="chip chip--channel" aria-pressed=${me.channels.includes(channel)} onClick=${() => toggle(channel)}>${desk.channelName(channel)}</button>
        `,
      )}
    </div>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
function Choices({ desk }) {
  const { t, state, verbs } = desk;
  const me = state.me.value;
  const [isAsking, setAsking] = useState(false);

  /** @param {string} intent */
  function choose(intent) {
    setAsking(intent === "away");
    verbs.setPresence({ intent });
  }

  return html`
    <div class="menu">
      <p class="menu__title">${t("presence.title")}</p>
      ${CHOICES.map(
        (intent) => html`
          <button type="button" class="menu__item menu__item--tall" aria-pressed=${me.intent === intent} onClick=${() => choose(intent)}>
            <span class=${`presence-dot presence-dot--${intent}`} aria-hidden="true"></span>
            <span class="menu__words">${t(`presence.${intent}`)}<small class="menu__hint">${t(`presence.${intent}_hint`)}</small></span>
            ${me.intent === intent ? html`<${Icon} name="check" />` : null}
          </button>
        `,
      )}
      ${me.intent === "away" || isAsking
        ? html`
            <p class="menu__title">${t("presence.why_away")}</p>
            <div class="chips">
              ${AWAY_REASONS.map((reason) => {
                const words = t(`away.${reason}`);
                return html`<button type="button" class="chip" aria-pressed=${me.intent_reason === words} onClick=${() => verbs.setPresence({ intent: "away", reason: words })}>${words}</button>`;
              })}
            </div>
            ${me.all_channels.length >= MANY ? html`<${StillComing} desk=${desk} />` : null}
          `
        : null}
    </div>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Presence({ desk }) {
  const { t, state, i18n } = desk;
  const me = state.me.value;
  const standing = standingOf(me);
  const load = t("presence.load", { load: i18n.number(me.load), units: i18n.number(me.units) });
  const list = new Intl.ListFormat(i18n.language.value);
  const reasons = me.reasons.map((/** @type {string} */ reason) => t(`reason.${reason.split(":")[0]}`));
  const isOnlyAway = me.reasons.length === 1 && me.intent === "away";
  const why = isOnlyAway && me.channels.length > 0
    ? t("presence.only", { channels: list.format(me.channels.map(desk.channelName)) })
    : t("presence.nothing", { reasons: list.format(reasons) });
  const face = html`
    <${Avatar} name=${me.name} of=${me.id} state=${standing} />
    <span class="presence__words">
      <span class="presence__name">${me.name}</span>
      <span class="presence__state">
        ${t(`presence.${standing}`)}${me.intent === "away" && me.intent_reason ? ` · ${me.intent_reason}` : ""}
      </span>
    </span>
    <span class="presence__load">
      <span class="presence__number" aria-hidden="true">${i18n.number(me.load)}<small> / ${i18n.number(me.units)}</small></span>
      <${Load} load=${me.load} units=${me.units} label=${load} />
    </span>
    <${Icon} name="down" />
  `;
  return html`
    <div class="presence">
      <${Popover} class="presence__button" label=${t("presence.change")} face=${face}><${Choices} desk=${desk} /><//>
      ${me.may_receive
        ? null
        : html`
            <p class="presence__why">
              <button type="button" class="icon-button icon-button--small" aria-label=${t("command.nothing")} title=${t("command.nothing")} onClick=${() => (desk.dialog.value = "nothing")}><${Icon} name="question" /></button>
              <span>${why}</span>
              ${me.intent === "ready" ? null : html`<button type="button" class="text-button" onClick=${() => desk.verbs.setPresence({ intent: "ready" })}>${t("presence.go_ready")}</button>`}
            </p>
          `}
    </div>
  `;
}
