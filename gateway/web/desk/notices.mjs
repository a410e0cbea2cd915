/** Short words about what just happened, at the edge of the screen: never in the way, gone by themselves. */

import { html, signal } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const STAYS_FOR = 8_000;

/** @typedef {{id: number, tone: "good" | "danger", text: string}} Notice */

export function createNotices() {
  const all = signal(/** @type {Notice[]} */ ([]));
  let count = 0;

  /** @param {number} id */
  const drop = (id) => {
    all.value = all.value.filter((notice) => notice.id !== id);
  };

  /** @param {string} text @param {Notice["tone"]} [tone] */
  function say(text, tone = "good") {
    count += 1;
    const id = count;
    all.value = [...all.value.filter((notice) => notice.text !== text), { id, tone, text }].slice(-3);
    setTimeout(() => drop(id), STAYS_FOR);
  }

  return Object.freeze({ all, say, drop });
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Notices({ desk }) {
  const { notices, t } = desk;
  return html`
    <div class="notices" role="status">
      ${notices.all.value.map(
        (notice) => html`
          <p key=${notice.id} class=${`notice notice--${notice.tone}`}>
            <${Icon} name=${notice.tone === "danger" ? "alert" : "check"} />
            <span class="notice__text">${notice.text}</span>
            <button type="button" class="icon-button icon-button--small" aria-label=${t("notice.close")} onClick=${() => notices.drop(notice.id)}>
              <${Icon} name="close" />
            </button>
          </p>
        `,
      )}
    </div>
  `;
}
