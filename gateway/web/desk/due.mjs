/** How long somebody has waited, and how soon a person should answer: the clocks in lists and headers. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const SOON = 30;
const LONG = 180;

/** @typedef {"calm" | "warn" | "late" | "held"} Tone */

/** Minutes and seconds, as on a stopwatch. @param {number} seconds */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / 3_600);
  if (hours >= 48) return `${Math.floor(hours / 24)}d`;
  if (hours > 0) return `${hours}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

/**
 * What a conversation's clock shows; null when nobody waits for us.
 *
 * @param {any} conversation @param {number} now ms
 * @returns {{tone: Tone, kind: "held" | "over" | "left" | "waiting", seconds: number} | null}
 */
export function clockOf(conversation, now) {
  if (conversation.state === "resolved" || conversation.state === "wrapping") return null;
  if (conversation.held_until && Date.parse(conversation.held_until) > now) return { tone: "held", kind: "held", seconds: 0 };
  const isOwed = conversation.unanswered_since || conversation.state === "waiting" || conversation.state === "offered";
  if (!isOwed) return null;
  if (conversation.due_at) {
    const left = (Date.parse(conversation.due_at) - now) / 1_000;
    if (left < 0) return { tone: "late", kind: "over", seconds: -left };
    return { tone: left <= SOON ? "warn" : "calm", kind: "left", seconds: left };
  }
  const since = conversation.unanswered_since ?? conversation.entered_waiting_at;
  if (!since) return null;
  const waited = (now - Date.parse(since)) / 1_000;
  return { tone: waited > LONG ? "warn" : "calm", kind: "waiting", seconds: waited };
}

const MARKS = Object.freeze({ calm: "clock", warn: "hourglass", late: "alert", held: "moon" });

/** @param {{desk: import("./desk.mjs").Desk, conversation: any, isLong?: boolean}} props `isLong` says it in words where there is room */
export function Due({ desk, conversation, isLong = false }) {
  const { t, i18n } = desk;
  const clock = clockOf(conversation, desk.now.value);
  if (!clock) return null;
  const words =
    clock.kind === "held"
      ? t("due.held", { when: desk.when(conversation.held_until) })
      : t(`due.${clock.kind}`, { span: i18n.span(clock.seconds) });
  const digits = clock.kind === "held" ? i18n.clock(conversation.held_until) : stopwatch(clock.seconds);
  return html`
    <span class=${`due due--${clock.tone}`} title=${words}>
      <${Icon} name=${MARKS[clock.tone]} />
      ${isLong ? html`<span class="due__words" aria-hidden="true">${words}</span>` : null}
      <span class="due__digits" aria-hidden="true">${clock.kind === "over" ? "+" : ""}${digits}</span>
      <span class="visually-hidden">${words}</span>
    </span>
  `;
}

const TONES = Object.freeze({ running: "calm", at_risk: "warn", breached: "late", paused: "held" });

/**
 * The clock that ends next of those that people are held to; one that rests comes last; null when nothing is owed.
 *
 * @param {any} conversation
 */
export function nearestTarget(conversation) {
  const owed = (conversation.sla ?? []).filter((/** @type {any} */ each) => !each.ended_at);
  const order = (/** @type {any} */ each) => (each.state === "paused" || !each.due_at ? Infinity : Date.parse(each.due_at));
  return owed.sort((/** @type {any} */ one, /** @type {any} */ other) => order(one) - order(other))[0] ?? null;
}

/** Whether the next thing owed is an answer: it says what `Due` would, and by which clock. @param {any} conversation */
export const owesAnswer = (conversation) => ["first", "next"].includes(nearestTarget(conversation)?.clock);

/** What is owed next, and by when, in words. @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function OwedNext({ desk, conversation }) {
  const { t, i18n } = desk;
  const next = nearestTarget(conversation);
  if (!next) return null;
  const left = next.due_at ? (Date.parse(next.due_at) - desk.now.value) / 1_000 : 0;
  const state = /** @type {keyof typeof TONES} */ (left < 0 && next.state !== "paused" ? "breached" : next.state);
  const words = t(`target.${state}`, { clock: t(`clock.${next.clock}`), span: i18n.span(Math.abs(left)) });
  return html`<span class=${`due due--${TONES[state]}`} data-target=${next.clock}><${Icon} name=${state === "paused" ? "pause" : MARKS[/** @type {Tone} */ (TONES[state])]} />${words}</span>`;
}
