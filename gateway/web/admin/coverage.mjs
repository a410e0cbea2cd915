/** The coverage map: groups by hours of the week, and how many agents each step reaches. Gaps are red, crossed and counted. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Problem } from "/desk/api.mjs";
import { Icon } from "/desk/icons.mjs";
import { addressOf } from "./place.mjs";

const DAYS = 7;
const HOURS = 24;
const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const STRONG = 4;
const SQUARE = 10;

/** @param {string} language @param {"short" | "long"} weekday @returns {string[]} */
function dayNames(language, weekday) {
  const form = new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" });
  return Array.from({ length: DAYS }, (_, day) => form.format(A_MONDAY + day * DAY));
}

/** How an hour looks: closed, a gap, thin (one agent), or so many. @param {any} group @param {number} step @param {number} hour */
function lookOf(group, step, hour) {
  if (!group.open[hour]) return "closed";
  const count = group.steps[step].counts[hour];
  return count === 0 ? "gap" : `many-${Math.min(STRONG, count)}`;
}

/** The open hours in which nobody is reached, with the steps up to this one. @param {any} group @param {number} step */
const gapsOf = (group, step) => group.open.filter((/** @type {boolean} */ isOpen, /** @type {number} */ hour) => isOpen && group.steps[step].counts[hour] === 0).length;

/** Hours in a row become spans: "Sat 18–24". @param {readonly number[]} hours @param {readonly string[]} days */
export function spansOf(hours, days) {
  /** @type {{day: number, from: number, to: number}[]} */
  const spans = [];
  for (const hour of hours) {
    const day = Math.floor(hour / HOURS);
    const last = spans.at(-1);
    if (last && last.day === day && last.to === hour % HOURS) last.to += 1;
    else spans.push({ day, from: hour % HOURS, to: (hour % HOURS) + 1 });
  }
  return spans.map(({ day, from, to }) => `${days[day]} ${from}–${to}`);
}

/** The week in small, for finding one's way. @param {{group: any}} props */
function Small({ group }) {
  const last = group.steps.length - 1;
  return html`
    <svg class="small" viewBox=${`0 0 ${HOURS * SQUARE} ${DAYS * SQUARE}`} preserveAspectRatio="none" aria-hidden="true">
      ${group.open.map((/** @type {boolean} */ _, /** @type {number} */ hour) => html`<rect class=${`hour hour--${lookOf(group, last, hour)}`} x=${(hour % HOURS) * SQUARE} y=${Math.floor(hour / HOURS) * SQUARE} width=${SQUARE - 1} height=${SQUARE - 1} />`)}
    </svg>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, group: any}} props */
function Week({ admin, group }) {
  const { t, i18n } = admin;
  const [step, setStep] = useState(group.steps.length - 1);
  const [hour, setHour] = useState(/** @type {number | null} */ (group.gaps[0] ?? null));
  const short = dayNames(i18n.language.value, "short");
  const long = dayNames(i18n.language.value, "long");
  const reached = hour === null ? [] : group.steps[step].agents[hour];
  const label = (/** @type {number} */ at) => {
    const look = lookOf(group, step, at);
    const words = look === "closed" ? t("coverage.closed") : look === "gap" ? t("coverage.gap") : t("coverage.agents", { count: group.steps[step].counts[at] });
    return `${long[Math.floor(at / HOURS)]} ${at % HOURS}:00 · ${words}`;
  };

  /** Arrows move through the week. @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: HOURS, ArrowUp: -HOURS }[event.key];
    const from = Number(/** @type {HTMLElement} */ (event.target).dataset.hour);
    if (!by || Number.isNaN(from)) return;
    event.preventDefault();
    const to = Math.min(DAYS * HOURS - 1, Math.max(0, from + by));
    setHour(to);
    const table = /** @type {HTMLElement} */ (event.currentTarget);
    /** @type {HTMLElement | null} */ (table.querySelector(`[data-hour="${to}"]`))?.focus();
  }

  return html`
    <section class="week" aria-label=${admin.groupName(group.group)}>
      <h2 class="step__title">${admin.groupName(group.group)} <code>${group.group}</code></h2>
      <div class="segments week__steps" role="group" aria-label=${t("coverage.steps")}>
        ${group.steps.map(
          (/** @type {any} */ each, /** @type {number} */ index) => html`
            <button type="button" class="segment" aria-pressed=${index === step} onClick=${() => setStep(index)}>
              ${each.after_seconds === 0 && index === 0 ? t("coverage.at_once") : t("coverage.after", { span: each.after_seconds ? i18n.span(each.after_seconds) : "0" })}
            </button>
          `,
        )}
      </div>
      <div class="week__scroll" tabindex="-1">
        <table class="map" onKeyDown=${onKeyDown}>
          <caption class="visually-hidden">${t("coverage.caption", { group: admin.groupName(group.group) })}</caption>
          <thead>
            <tr><td></td>${Array.from({ length: HOURS }, (_, at) => html`<th scope="col">${at}</th>`)}</tr>
          </thead>
          <tbody>
            ${short.map(
              (name, day) => html`
                <tr>
                  <th scope="row">${name}</th>
                  ${Array.from({ length: HOURS }, (_, index) => {
                    const at = day * HOURS + index;
                    const look = lookOf(group, step, at);
                    return html`<td><button type="button" class=${`slot slot--${look}`} data-hour=${at} tabindex=${at === (hour ?? 0) ? 0 : -1} aria-label=${label(at)} aria-pressed=${at === hour} title=${label(at)} onClick=${() => setHour(at)}>${look === "closed" ? "" : look === "gap" ? "×" : group.steps[step].counts[at]}</button></td>`;
                  })}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      <p class="legend">
        <span class="legend__item"><span class="slot slot--closed" aria-hidden="true"></span>${t("coverage.closed")}</span>
        <span class="legend__item"><span class="slot slot--gap" aria-hidden="true">×</span>${t("coverage.gap")}</span>
        <span class="legend__item"><span class="slot slot--many-1" aria-hidden="true">1</span>${t("coverage.thin")}</span>
        <span class="legend__item"><span class="slot slot--many-4" aria-hidden="true">4</span>${t("coverage.strong")}</span>
      </p>
      <p class="week__gaps">${gapsOf(group, step) ? html`<${Icon} name="alert" />${t("coverage.gaps", { count: gapsOf(group, step) })}: ${spansOf(group.open.flatMap((/** @type {boolean} */ isOpen, /** @type {number} */ at) => (isOpen && group.steps[step].counts[at] === 0 ? [at] : [])), short).join(" · ")}` : html`<${Icon} name="check" />${t("coverage.whole")}`}</p>
      <p class="week__who" role="status">${hour === null ? t("coverage.pick") : `${label(hour)}${reached.length ? ` · ${reached.map(admin.agentName).join("、")}` : ""}`}</p>
    </section>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Coverage({ admin }) {
  const { t, api, draft, place } = admin;
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [isBroken, setBroken] = useState(false);
  const { id } = place.at.value;
  const texts = draft.texts.value;

  useEffect(() => {
    document.title = `${t("page.coverage")} · Pointsman`;
    api.coverage(draft.changedTexts()).then(
      (answer) => (setFound(answer), setBroken(false)),
      (error) => (error instanceof Problem && error.kind === "not-applicable" ? setBroken(true) : admin.fail(error)),
    );
  }, [texts]);

  const groups = found?.groups ?? [];
  const shown = groups.find((/** @type {any} */ group) => group.group === id) ?? [...groups].sort((a, b) => b.gaps.length - a.gaps.length)[0];
  return html`
    <main class="sheet">
      <header class="sheet__head">
        <h1 class="rules__title">${t("page.coverage")}${found ? html`<span class="tag">${found.timezone}</span>` : null}${draft.changed.value.length ? html`<span class="tag">${t("coverage.draft")}</span>` : null}</h1>
        <p class="sheet__lead">${t("coverage.lead")}</p>
      </header>
      ${isBroken ? html`<p class="try__problem" role="alert"><${Icon} name="alert" />${t("review.broken")}</p>` : null}
      <div class="coverage">
        <nav class="coverage__groups" aria-label=${t("coverage.groups")}>
          ${groups.map(
            (/** @type {any} */ group) => html`
              <a key=${group.group} class="coverage__group" href=${addressOf({ page: "coverage", id: group.group })} aria-current=${shown === group ? "true" : undefined} onClick=${place.follow}>
                <span class="coverage__name">${admin.groupName(group.group)}</span>
                <span class=${`tag ${group.gaps.length ? "tag--bad" : "tag--good"}`}><${Icon} name=${group.gaps.length ? "alert" : "check"} />${group.gaps.length ? t("coverage.gaps", { count: group.gaps.length }) : t("coverage.none")}</span>
                <${Small} group=${group} />
              </a>
            `,
          )}
        </nav>
        ${shown ? html`<${Week} key=${shown.group + shown.steps.length} admin=${admin} group=${shown} />` : null}
      </div>
    </main>
  `;
}
