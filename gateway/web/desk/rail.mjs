/** The narrow column at the edge: where one can go, and the few settings of this device. */

import { html } from "/web/shared/html.mjs";
import { Icon, Mark } from "./icons.mjs";
import { addressOf } from "./place.mjs";
import { Popover } from "./popover.mjs";
import { Settings } from "./settings.mjs";
import { isSenior } from "./state.mjs";

/** @param {{desk: import("./desk.mjs").Desk, onLeave: () => void, onSpeak: (language: string) => void}} props */
export function Rail({ desk, onLeave, onSpeak }) {
  const { t, i18n, place, sound, state } = desk;
  const at = place.at.value;
  const isBoard = at.name === "wallboard";
  return html`
    <nav class="rail" aria-label=${t("rail.label")}>
      <span class="rail__mark"><${Mark} /></span>
      <a class="rail__item" href=${addressOf({ ...at, name: at.id ? "conversation" : "list" })} aria-current=${isBoard ? undefined : "page"} title=${t("rail.conversations")} onClick=${place.follow}>
        <${Icon} name="inbox" />
        <span class="rail__word">${t("rail.desk")}</span>
        ${state.unread.value > 0 ? html`<span class="badge rail__badge" aria-label=${t("rail.unread", { count: state.unread.value })}>${state.unread.value}</span>` : null}
      </a>
      ${isSenior(state.me.value)
        ? html`
            <a class="rail__item" href="/desk/wallboard" aria-current=${isBoard ? "page" : undefined} title=${t("rail.wallboard")} onClick=${place.follow}>
              <${Icon} name="chart" /><span class="rail__word">${t("rail.board")}</span>
            </a>
          `
        : null}
      ${state.me.value.role === "admin"
        ? html`<a class="rail__item" href="/admin/" title=${t("rail.admin")}><${Icon} name="route" /><span class="rail__word">${t("rail.rules")}</span></a>`
        : null}
      <button type="button" class="rail__item rail__item--end" title=${t("rail.palette")} onClick=${() => (desk.dialog.value = "palette")}>
        <${Icon} name="search" /><span class="rail__word">${t("rail.palette_short")}</span>
      </button>
      <${Popover} class="rail__item" label=${t("rail.menu")} place="beside" face=${html`<${Icon} name="gear" /><span class="rail__word">${t("rail.menu")}</span>`}>
        <${Settings} t=${t} i18n=${i18n} onLeave=${onLeave} onSpeak=${onSpeak}>
          <button type="button" class="menu__item" aria-pressed=${!sound.isMuted.value} onClick=${sound.toggle}>
            <${Icon} name=${sound.isMuted.value ? "mute" : "bell"} />${t(sound.isMuted.value ? "menu.sound_off" : "menu.sound_on")}
          </button>
          <button type="button" class="menu__item" onClick=${() => (desk.dialog.value = "keys")}><${Icon} name="keyboard" />${t("menu.keys")}</button>
        <//>
      <//>
    </nav>
  `;
}
