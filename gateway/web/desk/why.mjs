/**
 * "Why here?": the decisions that brought a conversation to where it is, told in sentences, and while it waits, what keeps
 * it waiting and what would release it.
 */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Avatar } from "./person.mjs";
import { inWords, reasonsInWords, verdictInWords } from "./reasons.mjs";
import { priorityName } from "./row.mjs";

/** The name of a rule that nobody named: the last of its list. */
const OTHERWISE = "otherwise";

/** @param {{desk: import("./desk.mjs").Desk, candidates: any[]}} props */
function Candidates({ desk, candidates }) {
  return html`
    <ul class="candidates">
      ${candidates.map(
        (candidate) => html`
          <li class=${`candidate ${candidate.eligible ? "candidate--may" : ""}`}>
            <${Avatar} name=${desk.agentName(candidate.agent)} of=${candidate.agent} size="s" />
            <span class="candidate__name">${desk.agentName(candidate.agent)}</span>
            <span class="candidate__verdict"><${Icon} name=${candidate.eligible ? "check" : "close"} />${verdictInWords(desk, candidate)}</span>
          </li>
        `,
      )}
    </ul>
  `;
}

/** @param {import("./desk.mjs").Desk} desk @param {any[]} needs */
const needsInWords = (desk, needs) =>
  new Intl.ListFormat(desk.i18n.language.value).format(needs.map(({ skill, level }) => desk.t("why.need", { skill: desk.skillName(skill), level })));

/** The one change that would release it, as the server has found it. @param {import("./desk.mjs").Desk} desk @param {any} release */
function releaseInWords(desk, { what, agent, verdict, why, at }) {
  const { t } = desk;
  const name = agent ? desk.agentName(agent) : "";
  const [{ agent: other = "", until = "", skill = "", level = "", words = "" } = {}] = why;
  if (what === "resume") return t(at ? "release.by_resume_at" : "release.by_resume", { name, words, when: at ? desk.when(at) : "" });
  if (what === "agent") return t(`release.${verdict}`, { name, detail: until ? desk.when(until) : desk.agentName(other) });
  if (what !== "skill") return t(`release.by_${what}`, { name, when: at ? desk.when(at) : "" });
  return t("release.by_skill", { name, need: needsInWords(desk, [{ skill, level }]) });
}

/** How the circle of those who may answer widens next; empty when it does not. @param {import("./desk.mjs").Desk} desk @param {any} waiting */
function nextStep(desk, { next_step_at: at, next_groups: groups, next_requires: needs }) {
  if (!at) return "";
  const names = groups.map((/** @type {string} */ id) => desk.groupName(id)).join(" · ");
  return [desk.when(at), names, needs.length > 0 ? needsInWords(desk, needs) : ""].filter(Boolean).join(" · ");
}

/** @param {{desk: import("./desk.mjs").Desk, waiting: any}} props */
function Waiting({ desk, waiting }) {
  const { t, i18n } = desk;
  const next = nextStep(desk, waiting);
  const late = waiting.due_at && Date.parse(waiting.due_at) < desk.now.value;
  return html`
    <section class="card card--now">
      <h2 class="card__title"><${Icon} name="hourglass" />${t("why.waiting")}</h2>
      ${waiting.release ? html`<p class="why__release">${releaseInWords(desk, waiting.release)}</p>` : null}
      <dl class="facts">
        ${waiting.position ? html`<div class="facts__row"><dt>${t("why.position")}</dt><dd>${i18n.number(waiting.position)}</dd></div>` : null}
        ${waiting.due_at ? html`<div class="facts__row"><dt>${t("why.due")}</dt><dd>${desk.when(waiting.due_at)}${late ? ` · ${t("why.late")}` : ""}</dd></div>` : null}
        ${waiting.held_until ? html`<div class="facts__row"><dt>${t("why.hours")}</dt><dd>${t("why.held", { when: desk.when(waiting.held_until) })}</dd></div>` : null}
        ${next ? html`<div class="facts__row"><dt>${t("why.next")}</dt><dd>${next}</dd></div>` : null}
      </dl>
      <h3 class="why__subtitle">${t("why.candidates")}</h3>
      <${Candidates} desk=${desk} candidates=${waiting.candidates} />
    </section>
  `;
}

/** One decision's facts: only those that say something. @param {import("./desk.mjs").Desk} desk @param {any} trace */
function factsOf(desk, trace) {
  const { t, i18n } = desk;
  const hours = trace.held_until ? t("why.held", { when: desk.when(trace.held_until) }) : trace.rules.length > 0 ? t("why.open") : "";
  return [
    ["group", desk.groupName(trace.group)],
    ["widened", trace.step > 0 ? t("why.steps", { count: trace.step, groups: trace.groups.map((/** @type {string} */ id) => desk.groupName(id)).join(" · ") }) : ""],
    ["hours", hours],
    ["priority", trace.rules.length > 0 ? priorityName(desk, trace.priority) : ""],
    ["due", trace.due_at ? desk.when(trace.due_at) : ""],
    ["requires", needsInWords(desk, trace.requires)],
    ["prefers", needsInWords(desk, trace.prefers)],
    ["next", trace.next_step_at ? desk.when(trace.next_step_at) : ""],
    ["version", i18n.number(trace.config_version)],
  ].filter(([, value]) => value);
}

/** What happened, in one sentence. @param {import("./desk.mjs").Desk} desk @param {any} trace */
function sentence(desk, trace) {
  const { t } = desk;
  const words = t(`outcome.${trace.outcome}`, { agent: trace.chosen ? desk.agentName(trace.chosen) : "", group: desk.groupName(trace.group) });
  return trace.chosen && trace.why.length > 0 ? t("why.chosen", { words, why: reasonsInWords(desk, trace.why) }) : words;
}

/** What a rule did, named as people name it. @param {import("./desk.mjs").Desk} desk @param {any} rule */
function didInWords(desk, { stage, gives }) {
  const named = gives.map((/** @type {string} */ what) => (stage === "group" ? desk.groupName(what) : stage === "priority" ? priorityName(desk, what) : what));
  return new Intl.ListFormat(desk.i18n.language.value).format(named);
}

/** Decisions from before reasons were data are in English. @param {readonly import("./reasons.mjs").Reason[]} reasons */
const languageOf = (reasons) => (reasons.some(({ code }) => code === "told.before") ? "en" : undefined);

/** How everybody stood at a decision: found by making it again, when somebody asks. @param {{desk: import("./desk.mjs").Desk, id: string, trace: any}} props */
function Everybody({ desk, id, trace }) {
  const { t, api } = desk;
  const [table, setTable] = useState(/** @type {any} */ (null));
  const [isAsking, setAsking] = useState(false);

  async function ask() {
    setAsking(true);
    try {
      setTable(await api.everybody(id, trace.id));
    } catch (error) {
      desk.fail(error);
    } finally {
      setAsking(false);
    }
  }

  if (!table) return html`<button type="button" class="text-button" disabled=${isAsking} aria-busy=${isAsking} onClick=${ask}>${t("why.everybody")}</button>`;
  return html`
    <h3 class="why__subtitle">${t("why.everybody_then")}</h3>
    ${table.exact ? null : html`<p class="card__none">${t("why.not_exact")}</p>`}
    <${Candidates} desk=${desk} candidates=${table.candidates} />
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, id: string, trace: any, isOpen: boolean}} props */
function Decision({ desk, id, trace, isOpen }) {
  const { t, i18n } = desk;
  const others = Object.entries(trace.counts);
  return html`
    <li class="decision">
      <details open=${isOpen}>
        <summary class="decision__head">
          <span class="decision__what">${sentence(desk, trace)}</span>
          <span class="decision__when">${inWords(t, "trigger", trace.trigger)} · <time datetime=${trace.at}>${desk.when(trace.at)}</time></span>
        </summary>
        ${trace.rules.length > 0
          ? html`
              <ol class="rules">
                ${trace.rules.map(
                  (/** @type {any} */ rule) => html`
                    <li class=${`rule rule--${rule.stage}`}>
                      <span class="rule__stage">${t(`stage.${rule.stage}`)}</span>
                      <span class="rule__name">${rule.rule === OTHERWISE ? t("why.otherwise") : rule.rule}</span>
                      <span class="rule__line">${t("why.line", { line: rule.line })}</span>
                      <span class="rule__did">${didInWords(desk, rule)}</span>
                    </li>
                  `,
                )}
              </ol>
            `
          : null}
        ${trace.reasons.length > 0 ? html`<p class="decision__reason" lang=${languageOf(trace.reasons)}>${reasonsInWords(desk, trace.reasons)}</p>` : null}
        <dl class="facts facts--small">
          ${factsOf(desk, trace).map(([key, value]) => html`<div class="facts__row"><dt>${t(`why.${key}`)}</dt><dd>${value}</dd></div>`)}
        </dl>
        ${trace.candidates.length > 0
          ? html`<h3 class="why__subtitle">${t("why.candidates_then")}</h3><${Candidates} desk=${desk} candidates=${trace.candidates} />`
          : null}
        ${others.length > 0
          ? html`
              <p class="decision__others">
                ${others.map(([verdict, count]) => html`<span class="tag">${inWords(t, "verdict", verdict)} × ${i18n.number(Number(count))}</span>`)}
              </p>
              <${Everybody} desk=${desk} id=${id} trace=${trace} />
            `
          : null}
      </details>
    </li>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Why({ desk, conversation }) {
  const { t, api } = desk;
  const [why, setWhy] = useState(/** @type {{items: any[], waiting: any} | null} */ (null));
  const every = conversation.state === "waiting" || conversation.state === "offered" ? Math.floor(desk.now.value / 5_000) : 0;

  useEffect(() => {
    let isCurrent = true;
    api.trace(conversation.id).then((found) => isCurrent && setWhy(found), desk.fail);
    return () => {
      isCurrent = false;
    };
  }, [conversation.id, conversation.epoch, conversation.state, conversation.offer?.id, every]);

  if (!why) return html`<p class="card__none" aria-busy="true">${t("why.loading")}</p>`;
  const telling = Math.max(0, why.items.findIndex((trace) => trace.rules.length > 0));
  return html`
    <div class="why">
      ${why.waiting ? html`<${Waiting} desk=${desk} waiting=${why.waiting} />` : null}
      <section>
        <h2 class="why__title">${t("why.title")}</h2>
        ${why.items.length === 0 ? html`<p class="card__none">${t("why.none")}</p>` : null}
        <ol class="decisions">
          ${why.items.map((trace, index) => html`<${Decision} key=${trace.id} desk=${desk} id=${conversation.id} trace=${trace} isOpen=${index === telling} />`)}
        </ol>
      </section>
    </div>
  `;
}
