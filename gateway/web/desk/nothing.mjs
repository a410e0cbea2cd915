/** "Why did I get nothing?": what keeps conversations from this agent now, and what the last hour's decisions meant. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Dialog } from "./dialog.mjs";
import { inWords, verdictInWords } from "./reasons.mjs";

/** @param {{desk: import("./desk.mjs").Desk, found: any}} props */
function Summary({ desk, found }) {
  const { t, i18n } = desk;
  const list = new Intl.ListFormat(i18n.language.value);
  const now = found.reasons.map((/** @type {string} */ reason) => t(`reason.${reason}`));
  return html`
    <p class="why__release">${now.length > 0 ? t("presence.nothing", { reasons: list.format(now) }) : t("nothing.free")}</p>
    <p class="dialog__text">${t("nothing.counts", { total: found.total, received: found.received })}</p>
    ${found.total > found.received
      ? html`
          <p class="decision__others">
            ${Object.entries(found.counts).map(([verdict, count]) => html`<span class="tag">${inWords(t, "verdict", verdict)} × ${i18n.number(Number(count))}</span>`)}
          </p>
        `
      : null}
    ${found.decisions.length > 0
      ? html`
          <h3 class="why__subtitle">${t("nothing.passed")}</h3>
          <ul class="passed" tabindex="0" aria-label=${t("nothing.passed")}>
            ${found.decisions.map(
              (/** @type {any} */ one) => html`
                <li key=${one.trace} class="passed__row">
                  <time datetime=${one.at}>${desk.when(one.at)}</time>
                  <span>${desk.groupName(one.group)}</span>
                  <span class="passed__why">${verdictInWords(desk, one)}</span>
                </li>
              `,
            )}
          </ul>
        `
      : null}
  `;
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function NothingCame({ desk }) {
  const { t, api, state } = desk;
  const [found, setFound] = useState(/** @type {any} */ (null));

  useEffect(() => {
    let isCurrent = true;
    api.whyNothing(state.me.peek().id).then((answer) => isCurrent && setFound(answer), desk.fail);
    return () => {
      isCurrent = false;
    };
  }, []);

  return html`
    <${Dialog} desk=${desk} title=${t("nothing.title")}>
      ${found ? html`<${Summary} desk=${desk} found=${found} />` : html`<p class="dialog__text" aria-busy="true">${t("why.loading")}</p>`}
    <//>
  `;
}
