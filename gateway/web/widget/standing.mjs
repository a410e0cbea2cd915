/** One quiet line above the composer: the place in the queue, the closed hours, or the line that is down; and what went wrong. */

import { html } from "/web/shared/html.mjs";
import { openingInWords } from "./header.mjs";
import { Icon } from "./icons.mjs";

const WAITING = ["waiting", "offered"];

/** @param {any} status @param {import("./part.mjs").I18n} i18n @returns {string} */
function inWords(status, i18n) {
  if (!WAITING.includes(status.state)) return "";
  if (!status.open) {
    return status.next_open
      ? i18n.t("status.held", { when: openingInWords(status.next_open, i18n) })
      : i18n.t("status.held_unknown");
  }
  const position = placeInWords(status.position, i18n);
  return status.wait ? `${position} ${i18n.t("status.wait", { span: i18n.span(status.wait) })}` : position;
}

/** @param {number | null} position @param {import("./part.mjs").I18n} i18n */
function placeInWords(position, i18n) {
  if (!position) return i18n.t("status.waiting");
  return position === 1 ? i18n.t("status.next") : i18n.t("status.position", { position: i18n.number(position) });
}

/**
 * @param {{visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n, notice: import("@preact/signals").Signal<string>}} props
 *   `notice` is what went wrong on this page, until it is dismissed
 */
export function Standing({ visit, i18n, notice }) {
  const words = inWords(visit.status.value, i18n);
  const isLost = visit.isLost.value;
  return html`
    <div class="standing" role="status">
      ${notice.value
        ? html`
            <p class="strip strip--warn">
              <${Icon} name="alert" /><span>${i18n.t(notice.value)}</span>
              <button type="button" class="text-button" onClick=${() => (notice.value = "")}>${i18n.t("notice.dismiss")}</button>
            </p>
          `
        : null}
      ${isLost
        ? html`
            <p class="strip strip--warn">
              <${Icon} name="alert" /><span>${i18n.t("connection.lost")}</span>
              <button type="button" class="text-button" onClick=${visit.retryNow}>${i18n.t("connection.again")}</button>
            </p>
          `
        : words
          ? html`<p class="strip"><${Icon} name=${visit.status.value.open ? "clock" : "moon"} /><span>${words}</span></p>`
          : null}
    </div>
  `;
}
