/** What the channel still lets us send to this contact; after that, the contact has to write first. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const FEW = 2;
const HOUR = 3_600;
const LONG = 12 * HOUR;

/**
 * How many messages may still go, and for how long; null where the channel sets no such limit.
 *
 * @param {any} conversation @param {number} now ms
 * @returns {{left: number, of: number, seconds: number} | null}
 */
export function windowOf(conversation, now) {
  if (!conversation.window || conversation.state === "resolved") return null;
  const { left, of, until } = conversation.window;
  const seconds = (Date.parse(until) - now) / 1_000;
  return { left: seconds > 0 ? left : 0, of, seconds };
}

/** How long it stays open: whole hours while there are many, hours and minutes when it gets close. @param {string} language @param {number} seconds */
function stay(language, seconds) {
  const hours = Math.floor(seconds / HOUR);
  const minutes = Math.floor((seconds % HOUR) / 60);
  const shown = seconds >= LONG ? [["hour", hours]] : [["hour", hours], ["minute", hours ? minutes : Math.max(1, minutes)]];
  return shown
    .filter(([, value]) => value)
    .map(([unit, value]) => new Intl.NumberFormat(language, { style: "unit", unit: String(unit), unitDisplay: "short" }).format(Number(value)))
    .join(" ");
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Window({ desk, conversation }) {
  const { t, i18n } = desk;
  const open = windowOf(conversation, desk.now.value);
  if (!open) return null;
  const words = open.left > 0
    ? t("window.left", { left: open.left, of: open.of, span: stay(i18n.language.value, open.seconds) })
    : t("window.closed");
  return html`<span class=${`window ${open.left <= FEW ? "window--few" : ""}`}><${Icon} name="hourglass" /><span>${words}</span></span>`;
}
