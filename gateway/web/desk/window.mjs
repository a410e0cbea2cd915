/** What the channel still lets us send to this contact; after that, the contact has to write first. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const FEW = 2;

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

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Window({ desk, conversation }) {
  const { t, i18n } = desk;
  const open = windowOf(conversation, desk.now.value);
  if (!open) return null;
  const words = open.left > 0
    ? t("window.left", { left: open.left, of: open.of, span: i18n.span(open.seconds) })
    : t("window.closed");
  return html`<span class=${`window ${open.left <= FEW ? "window--few" : ""}`}><${Icon} name="hourglass" /><span>${words}</span></span>`;
}
