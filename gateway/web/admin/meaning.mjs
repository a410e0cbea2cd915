/** Differences in meaning, as the server tells them: what was added, removed, moved or changed, and how. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "/desk/icons.mjs";

/** @type {Record<string, import("/desk/icons.mjs").IconName>} */
const ICONS = Object.freeze({ added: "plus", removed: "close", moved: "transfer", changed: "note" });

const THING = /^(tag rule|priority rule|group rule|[a-z]+)(?: (.*))?$/s;
const KINDS = Object.freeze([
  "inbox", "agent", "bot", "timezone", "languages", "hours", "skill", "priority", "cost", "group", "code", "tag rule", "priority rule", "group rule", "reply", "setting",
]);

/** @typedef {(key: string, values?: any) => string} T */

/** A thing as the server names it (`group japan-korea`), its kind in words. @param {T} t @param {string} what */
export function thingInWords(t, what) {
  const [, kind = "", name = ""] = THING.exec(what) ?? [];
  return KINDS.includes(kind) ? `${t(`thing.${kind.replace(" ", "_")}`)} ${name}`.trim() : what;
}

/** How it changed: the files' own keys stay as they are written there, the words around them are the reader's. @param {T} t @param {string} detail */
export function detailInWords(t, detail) {
  const [, from, to] = /^(?:in|from) place (\d+)(?: to (\d+))?$/.exec(detail) ?? [];
  if (from) return to ? t("place.moved", { from, to }) : t("place.in", { place: from });
  return detail
    .replace(/(^|: |→ )(nothing|yes|no|closed)(?= →|$)/g, (_, before, word) => before + t(`fact.${word}`))
    .replace(/([+−]) (\d+) more/g, (_, sign, count) => `${sign} ${t("fact.more", { count })}`)
    .replace(/\bstep (\d+)/g, (_, number) => t("fact.step", { number }))
    .replace(/\bclosed on\b/, () => t("fact.closed_on"))
    .replace(/\bmake-up days as\b/, () => t("fact.makeup_as"))
    .replace(/\bmake-up days\b/, () => t("fact.makeup_days"));
}

/** @param {{t: T, differences: readonly {what: string, how: string, details: string[]}[], marked?: readonly string[]}} props */
export function Meaning({ t, differences, marked = [] }) {
  if (differences.length === 0) return html`<p class="calm"><${Icon} name="check" />${t("meaning.none")}</p>`;
  return html`
    <ul class="meaning">
      ${differences.map(
        ({ what, how, details = [] }) => html`
          <li class=${`change change--${how} ${marked.includes(what) ? "change--both" : ""}`}>
            <span class="change__how"><${Icon} name=${ICONS[how] ?? "note"} />${t(`how.${how}`)}</span>
            <span class="change__what">${thingInWords(t, what)}${marked.includes(what) ? html`<span class="tag">${t("stale.both")}</span>` : null}</span>
            ${details.length ? html`<ul class="change__details">${details.map((detail) => html`<li>${detailInWords(t, detail)}</li>`)}</ul>` : null}
          </li>
        `,
      )}
    </ul>
  `;
}
