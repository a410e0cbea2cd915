/** The narrow column at the edge: the pages, and the settings of this device. */

import { html, useState } from "/web/shared/html.mjs";
import { LANGUAGES } from "/web/shared/i18n.mjs";
import { Icon, Mark } from "/desk/icons.mjs";
import { LANGUAGE_NAMES } from "/desk/login.mjs";
import { keep } from "/desk/memory.mjs";
import { Popover } from "/desk/popover.mjs";
import { addressOf } from "./place.mjs";

const THEMES = Object.freeze(["", "light", "dark"]);

/** @type {readonly {page: string, icon: import("/desk/icons.mjs").IconName}[]} */
const ITEMS = Object.freeze([
  { page: "rules", icon: "route" },
  { page: "review", icon: "checks" },
  { page: "versions", icon: "again" },
  { page: "coverage", icon: "chart" },
  { page: "inboxes", icon: "inbox" },
  { page: "agents", icon: "people" },
]);

/** @param {{admin: import("./admin.mjs").Admin, onLeave: () => void, onSpeak: (language: string) => void}} props */
function Menu({ admin, onLeave, onSpeak }) {
  const { t, i18n } = admin;
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
      <a class="menu__item" href="/desk/"><${Icon} name="door" />${t("menu.desk")}</a>
      <button type="button" class="menu__item" onClick=${onLeave}><${Icon} name="out" />${t("menu.leave")}</button>
    </div>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, onLeave: () => void, onSpeak: (language: string) => void}} props */
export function Rail({ admin, onLeave, onSpeak }) {
  const { t, place, draft } = admin;
  const { page: here, file } = place.at.value;
  const count = draft.changed.value.length;
  return html`
    <nav class="rail" aria-label=${t("rail.label")}>
      <span class="rail__mark"><${Mark} /></span>
      ${ITEMS.map(
        ({ page, icon }) => html`
          <a class="rail__item" href=${addressOf({ page, file: page === "rules" ? file : undefined })} aria-current=${here === page ? "page" : undefined} onClick=${place.follow}>
            <${Icon} name=${icon} /><span class="rail__word">${t(`page.${page}`)}</span>
            ${page === "review" && count > 0 ? html`<span class="badge rail__badge rail__badge--calm" aria-label=${t("rail.changed", { count })}>${count}</span>` : null}
          </a>
        `,
      )}
      <${Popover} class="rail__item rail__item--end" label=${t("rail.menu")} place="beside" face=${html`<${Icon} name="gear" /><span class="rail__word">${t("rail.menu")}</span>`}>
        <${Menu} admin=${admin} onLeave=${onLeave} onSpeak=${onSpeak} />
      <//>
    </nav>
  `;
}
