/** The narrow column at the edge: where one can go, and the few settings of this device. */

import { html, useState } from "/web/shared/html.mjs";
import { LANGUAGES } from "/web/shared/i18n.mjs";
import { Icon, Mark } from "./icons.mjs";
import { LANGUAGE_NAMES } from "./login.mjs";
import { keep } from "./memory.mjs";
import { addressOf } from "./place.mjs";
import { Popover } from "./popover.mjs";
import { isSenior } from "./state.mjs";

const THEMES = Object.freeze(["", "light", "dark"]);

/** @param {{desk: import("./desk.mjs").Desk, onLeave: () => void, onSpeak: (language: string) => void}} props */
function Menu({ desk, onLeave, onSpeak }) {
  const { t, sound, i18n } = desk;
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? "");

  /** @param {string} wanted */
  function dress(wanted) {
    setTheme(wanted);
    keep("theme", wanted);
    if (wanted) document.documentElement.dataset.theme = wanted;
    else delete document.documentElement.dataset.theme;
  }

  return html`
    <div class="menu">
      <p class="menu__title">${t("menu.language")}</p>
      <div class="segments" role="group" aria-label=${t("menu.language")}>
        ${LANGUAGES.map(
          (language) => html`
            <button type="button" class="segment" lang=${language} aria-pressed=${i18n.language.value === language} onClick=${() => onSpeak(language)}>
              ${LANGUAGE_NAMES[/** @type {keyof typeof LANGUAGE_NAMES} */ (language)]}
            </button>
          `,
        )}
      </div>
      <p class="menu__title">${t("menu.theme")}</p>
      <div class="segments" role="group" aria-label=${t("menu.theme")}>
        ${THEMES.map(
          (name) => html`
            <button type="button" class="segment" aria-pressed=${theme === name} onClick=${() => dress(name)}>${t(`theme.${name || "system"}`)}</button>
          `,
        )}
      </div>
      <hr class="menu__line" />
      <button type="button" class="menu__item" aria-pressed=${!sound.isMuted.value} onClick=${sound.toggle}>
        <${Icon} name=${sound.isMuted.value ? "mute" : "bell"} />${t(sound.isMuted.value ? "menu.sound_off" : "menu.sound_on")}
      </button>
      <button type="button" class="menu__item" onClick=${() => (desk.dialog.value = "keys")}><${Icon} name="keyboard" />${t("menu.keys")}</button>
      <button type="button" class="menu__item" onClick=${onLeave}><${Icon} name="out" />${t("menu.leave")}</button>
    </div>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, onLeave: () => void, onSpeak: (language: string) => void}} props */
export function Rail({ desk, onLeave, onSpeak }) {
  const { t, place, state } = desk;
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
        <${Menu} desk=${desk} onLeave=${onLeave} onSpeak=${onSpeak} />
      <//>
    </nav>
  `;
}
