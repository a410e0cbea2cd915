/** The narrow column at the edge: the pages, and the settings of this device. */

import { html } from "/web/shared/html.mjs";
import { Icon, Mark } from "/desk/icons.mjs";
import { Popover } from "/desk/popover.mjs";
import { Settings } from "/desk/settings.mjs";
import { addressOf } from "./place.mjs";

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
export function Rail({ admin, onLeave, onSpeak }) {
  const { t, i18n, place, draft } = admin;
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
        <${Settings} t=${t} i18n=${i18n} onLeave=${onLeave} onSpeak=${onSpeak}>
          <a class="menu__item" href="/desk/"><${Icon} name="door" />${t("menu.desk")}</a>
        <//>
      <//>
    </nav>
  `;
}
