/** The same messages through the version in force and through the draft: who moves, what waiting becomes. Nothing is changed. */

import { html, useState } from "/web/shared/html.mjs";
import { Problem, problemInWords } from "/desk/api.mjs";
import { Icon } from "/desk/icons.mjs";
import { ruleName } from "./try.mjs";

const SPANS = Object.freeze(["1d", "7d", "30d"]);
const GENERATED = "generated";
const PER_DAY = 1_200;

const MEASURES = Object.freeze([
  { key: "answered", isSpan: false, isBetterMore: true },
  { key: "abandoned", isSpan: false, isBetterMore: false },
  { key: "breached", isSpan: false, isBetterMore: false },
  { key: "unrouted", isSpan: false, isBetterMore: false },
  { key: "wait_p50", isSpan: true, isBetterMore: false },
  { key: "wait_p90", isSpan: true, isBetterMore: false },
]);

/** @param {{admin: import("./admin.mjs").Admin, found: any}} props */
function Measures({ admin, found }) {
  const { t, i18n } = admin;
  const say = (/** @type {number} */ value, /** @type {boolean} */ isSpan) => (isSpan ? (value === 0 ? "0" : i18n.span(value)) : i18n.number(value));
  return html`
    <dl class="measures">
      ${MEASURES.map(({ key, isSpan, isBetterMore }) => {
        const before = found.before[key];
        const after = found.after[key];
        const change = after - before;
        const tone = change === 0 ? "" : change > 0 === isBetterMore ? "good" : "bad";
        return html`
          <div class=${`measure ${tone ? `measure--${tone}` : ""}`}>
            <dt>${t(`measure.${key}`)}</dt>
            <dd class="measure__value">${say(after, isSpan)}</dd>
            <dd class="measure__before">${change === 0 ? t("simulate.same") : `${t(tone === "good" ? "simulate.better" : "simulate.worse")} · ${t("simulate.was", { value: say(before, isSpan) })}`}</dd>
          </div>
        `;
      })}
    </dl>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, matrix: any[], isReal: boolean}} props `isReal`: the conversations can be opened */
function Matrix({ admin, matrix, isReal }) {
  const { t, i18n } = admin;
  const rows = [...new Set(matrix.map(({ before }) => before))].sort();
  const columns = [...new Set(matrix.map(({ after }) => after))].sort();
  const [shown, setShown] = useState(/** @type {any} */ (matrix.find(({ before, after }) => before !== after) ?? null));
  const most = Math.max(...matrix.map(({ count }) => count));
  const heat = (/** @type {number} */ count) => Math.min(4, Math.ceil((count / most) * 4));
  return html`
    <div class="matrix" tabindex="0" role="region" aria-label=${t("simulate.matrix")}>
      <table class="table matrix__table">
        <caption class="panel__title">${t("simulate.matrix")}</caption>
        <thead>
          <tr><th scope="col">${t("simulate.corner")}</th>${columns.map((group) => html`<th scope="col">${admin.groupName(group)}</th>`)}</tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) => html`
              <tr>
                <th scope="row">${admin.groupName(row)}</th>
                ${columns.map((column) => {
                  const cell = matrix.find(({ before, after }) => before === row && after === column);
                  if (!cell) return html`<td class="matrix__none">·</td>`;
                  const isMoved = row !== column;
                  return html`
                    <td>
                      <button type="button" class=${`cell cell--${isMoved ? "moved" : "stayed"} cell--heat-${heat(cell.count)}`} aria-pressed=${shown === cell} onClick=${() => setShown(cell)}
                        aria-label=${t(isMoved ? "simulate.cell_moved" : "simulate.cell_stayed", { count: i18n.number(cell.count), before: admin.groupName(row), after: admin.groupName(column) })}>
                        ${i18n.number(cell.count)}${isMoved ? html`<${Icon} name="transfer" />` : null}
                      </button>
                    </td>
                  `;
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${shown
      ? html`
          <section class="samples" aria-label=${t("simulate.samples")}>
            <h3 class="panel__title">${t("simulate.samples_of", { before: admin.groupName(shown.before), after: admin.groupName(shown.after) })}</h3>
            <ul>
              ${shown.samples.map(
                (/** @type {any} */ sample) => html`
                  <li class="sample">${isReal ? html`<a href=${`/desk/c/${encodeURIComponent(sample.conversation)}`}>${sample.conversation}</a>` : html`<code>${sample.conversation}</code>`}<span>${ruleName(t, sample.rule_before) || "–"}</span><${Icon} name="send" /><span>${ruleName(t, sample.rule_after) || "–"}</span></li>
                `,
              )}
            </ul>
          </section>
        `
      : null}
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, groups: any[]}} props */
function Groups({ admin, groups }) {
  const { t, i18n } = admin;
  const pair = (/** @type {number} */ before, /** @type {number} */ after, say = i18n.number) => (before === after ? say(after) : html`${say(before)} → <strong>${say(after)}</strong>`);
  const span = (/** @type {number} */ seconds) => (seconds === 0 ? "0" : i18n.span(seconds));
  return html`
    <div class="matrix" tabindex="0" role="region" aria-label=${t("simulate.groups")}>
      <table class="table">
        <caption class="panel__title">${t("simulate.groups")}</caption>
        <thead>
          <tr><th scope="col">${t("simulate.group")}</th><th scope="col">${t("measure.conversations")}</th><th scope="col">${t("measure.wait_p50")}</th><th scope="col">${t("measure.wait_p90")}</th><th scope="col">${t("measure.breached")}</th></tr>
        </thead>
        <tbody>
          ${groups.map(
            ({ group, before, after }) => html`
              <tr>
                <th scope="row">${admin.groupName(group)}</th>
                <td class="number">${pair(before.conversations, after.conversations)}</td>
                <td class="number">${pair(before.wait_p50, after.wait_p50, span)}</td>
                <td class="number">${pair(before.wait_p90, after.wait_p90, span)}</td>
                <td class="number">${pair(before.breached, after.breached)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Simulation({ admin }) {
  const { t, i18n, api, draft } = admin;
  const [since, setSince] = useState("7d");
  const [found, setFound] = useState(/** @type {{answer: any, texts: any, isReal: boolean} | null} */ (null));
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const isOld = found && found.texts !== draft.texts.value;

  async function run() {
    setBusy(true);
    setProblem("");
    const texts = draft.texts.peek();
    try {
      const how = since === GENERATED ? { generate: { days: 1, per_day: PER_DAY } } : { since };
      setFound({ answer: await api.simulate(draft.changedTexts(), how), texts, isReal: since !== GENERATED });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFound(null);
      setProblem(error.kind === "not-applicable" ? t("review.broken") : error.kind === "invalid" ? t("simulate.nothing") : problemInWords(error, t));
    } finally {
      setBusy(false);
    }
  }

  return html`
    <div class="simulate">
      <div class="simulate__row">
        <label class="label" for="simulate-since">${t("simulate.since")}</label>
        <select class="field simulate__since" id="simulate-since" value=${since} onChange=${(/** @type {any} */ event) => setSince(event.currentTarget.value)}>
          ${[...SPANS, GENERATED].map((span) => html`<option value=${span} selected=${span === since}>${t(`since.${span}`, { count: PER_DAY })}</option>`)}
        </select>
        <button type="button" class="button" disabled=${isBusy} onClick=${run}><${Icon} name="play" />${t(isBusy ? "simulate.busy" : "simulate.run")}</button>
      </div>
      ${problem ? html`<p class="try__problem" role="alert"><${Icon} name="alert" />${problem}</p>` : null}
      <div role="status">
        ${found
          ? html`
              <p class="simulate__says">
                <strong>${t(found.answer.moved ? "simulate.moved" : "simulate.nobody", { moved: i18n.number(found.answer.moved), all: i18n.number(found.answer.after.conversations) })}</strong>
                ${isOld ? html` <span class="tag">${t("simulate.old")}</span>` : null}
              </p>
            `
          : null}
      </div>
      ${found
        ? html`
            <${Measures} admin=${admin} found=${found.answer} />
            <${Matrix} key=${found.answer.arrivals + since} admin=${admin} matrix=${found.answer.matrix} isReal=${found.isReal} />
            <${Groups} admin=${admin} groups=${found.answer.groups} />
          `
        : null}
    </div>
  `;
}
