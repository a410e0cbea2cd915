/** The settings of this device: language and look, and the way out. The desk's and the administrator's page have the same. */

import { html, useState } from "/web/shared/html.mjs";
import { LANGUAGES } from "/web/shared/i18n.mjs";
import { Icon } from "./icons.mjs";
import { LANGUAGE_NAMES } from "./login.mjs";
import { keep } from "./memory.mjs";

const THEMES = Object.freeze(["", "light", "dark"]);

/**
 * @param {{
 *   t: (key: string, values?: any) => string, i18n: ReturnType<typeof import("/web/shared/i18n.mjs").createI18n>,
 *   onSpeak: (language: string) => void, onLeave: () => void, children?: any
 * }} props `children`: what the page has beside them
 */
export function Settings({ t, i18n, onSpeak, onLeave, children }) {
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
      ${children}
      <button type="button" class="menu__item" onClick=${onLeave}><${Icon} name="out" />${t("menu.leave")}</button>
    </div>
  `;
}
