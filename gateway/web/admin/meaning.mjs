/** Differences in meaning, as the server tells them: what was added, removed, moved or changed, and how. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "/desk/icons.mjs";

/** @type {Record<string, import("/desk/icons.mjs").IconName>} */
const ICONS = Object.freeze({ added: "plus", removed: "close", moved: "transfer", changed: "note" });

/** @param {{t: (key: string, values?: any) => string, differences: readonly {what: string, how: string, details: string[]}[], marked?: readonly string[]}} props */
export function Meaning({ t, differences, marked = [] }) {
  if (differences.length === 0) return html`<p class="calm"><${Icon} name="check" />${t("meaning.none")}</p>`;
  return html`
    <ul class="meaning">
      ${differences.map(
        ({ what, how, details = [] }) => html`
          <li class=${`change change--${how} ${marked.includes(what) ? "change--both" : ""}`}>
            <span class="change__how"><${Icon} name=${ICONS[how] ?? "note"} />${t(`how.${how}`)}</span>
            <span class="change__what" lang="en">${what}${marked.includes(what) ? html`<span class="tag">${t("stale.both")}</span>` : null}</span>
            ${details.length ? html`<ul class="change__details" lang="en">${details.map((detail) => html`<li>${detail}</li>`)}</ul>` : null}
          </li>
        `,
      )}
    </ul>
  `;
}
