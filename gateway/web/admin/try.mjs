/** Try it: a message as a contact would send it, and the whole way that it would go, with the draft as it stands. */

import { html, useId } from "/web/shared/html.mjs";
import { LANGUAGES } from "/web/shared/i18n.mjs";
import { problemInWords } from "/desk/api.mjs";
import { Icon } from "/desk/icons.mjs";
import { LANGUAGE_NAMES } from "/desk/login.mjs";
import { reasonsInWords, verdictInWords } from "/desk/reasons.mjs";
import { namesOf } from "./completion.mjs";
import { FILES } from "./place.mjs";

const OTHERWISE = "otherwise";
const STAGES = Object.freeze(["tags", "priority", "group"]);

/** @param {string} language */
const languageName = (language) => LANGUAGE_NAMES[/** @type {keyof typeof LANGUAGE_NAMES} */ (language)] ?? language;

/** A rule's name; one that nobody named is the last of its list. @param {(key: string) => string} t @param {string} name */
export const ruleName = (t, name) => (name === OTHERWISE ? t("try.otherwise") : name);

/** Which channels the inboxes have. @param {string} text @returns {string[]} */
const channelsOf = (text) => [...new Set([...text.matchAll(/\bchannel:\s*([\w-]+)/g)].map(([, name]) => name))];

/** @param {{admin: import("./admin.mjs").Admin}} props */
function Question({ admin }) {
  const { t, trial, draft } = admin;
  const question = trial.question.value;
  const texts = draft.texts.value;
  const id = useId();
  const set = (/** @type {keyof import("./trial.mjs").Question} */ key) => (/** @type {any} */ event) => trial.change({ [key]: event.currentTarget.value });
  const select = (/** @type {"channel" | "inbox" | "language"} */ key, /** @type {readonly string[]} */ options, /** @type {string} */ none, say = (/** @type {string} */ option) => option) => html`
    <div>
      <label class="label" for=${`${id}-${key}`}>${t(`try.${key}`)}</label>
      <select class="field" id=${`${id}-${key}`} value=${question[key]} onChange=${set(key)}>
        <option value="">${none}</option>
        ${options.map((option) => html`<option value=${option} selected=${option === question[key]}>${say(option)}</option>`)}
      </select>
    </div>
  `;
  return html`
    <form class="question" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
      <div class="question__wide">
        <label class="label" for=${`${id}-text`}>${t("try.text")}</label>
        <textarea class="field question__text" id=${`${id}-text`} rows="2" value=${question.text} placeholder=${t("try.text_hint")} onInput=${set("text")}></textarea>
      </div>
      ${select("inbox", namesOf(texts, "inboxes"), t("try.any"))}
      ${select("channel", channelsOf(texts["inboxes.yaml"]), t("try.any"), admin.channelName)}
      <div>
        <label class="label" for=${`${id}-entry`}>${t("try.entry")}</label>
        <input class="field" id=${`${id}-entry`} value=${question.entry} placeholder="qr-japan" spellcheck=${false} autocapitalize="none" onInput=${set("entry")} />
      </div>
      <div>
        <label class="label" for=${`${id}-at`}>${t("try.at")}</label>
        <input class="field" id=${`${id}-at`} type="datetime-local" value=${question.at} onInput=${set("at")} />
      </div>
      <div>
        <label class="label" for=${`${id}-tags`}>${t("try.tags")}</label>
        <input class="field" id=${`${id}-tags`} value=${question.contact_tags} placeholder="vip" spellcheck=${false} autocapitalize="none" onInput=${set("contact_tags")} />
      </div>
      ${select("language", LANGUAGES, t("try.detected"), languageName)}
      <label class="question__check">
        <input type="checkbox" checked=${question.returning} onChange=${(/** @type {any} */ event) => trial.change({ returning: event.currentTarget.checked })} />${t("try.returning")}
      </label>
      <button type="button" class="text-button question__clear" onClick=${trial.clear}>${t("try.clear")}</button>
    </form>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, answer: any}} props */
function Outcome({ admin, answer }) {
  const { t, i18n } = admin;
  const needs = Object.entries(answer.requires);
  const isElsewhere = answer.serving !== answer.group;
  return html`
    <section class="outcome" aria-label=${t("try.outcome")}>
      <p class="outcome__group">
        <${Icon} name="route" />
        <span><strong>${admin.groupName(answer.group)}</strong> <code>${answer.group}</code></span>
      </p>
      ${isElsewhere ? html`<p class="outcome__line">${t("try.serving", { group: admin.groupName(answer.serving) })}</p>` : null}
      <p class="chips">
        <span class="tag">${t("try.priority", { priority: answer.priority })}</span>
        ${answer.language ? html`<span class="tag">${languageName(answer.language)}</span>` : null}
        ${answer.tags.map((/** @type {string} */ tag) => html`<span class="tag"><${Icon} name="tag" />${tag}</span>`)}
        ${needs.map(([skill, level]) => html`<span class="tag">${t("try.need", { skill, level: Number(level) })}</span>`)}
      </p>
      <p class=${`outcome__hours outcome__hours--${answer.hours.open ? "open" : "closed"}`}>
        <${Icon} name=${answer.hours.open ? "sun" : "moon"} />
        <span>
          ${answer.hours.open ? t("try.open") : answer.hours.next_open ? t("try.closed_until", { when: admin.when(answer.hours.next_open) }) : t("try.closed")}
          <small class="outcome__words">${reasonsInWords(admin, answer.hours.why)}</small>
        </span>
      </p>
      <p class="visually-hidden" role="status">${t("try.says", { group: admin.groupName(answer.group), priority: answer.priority })} ${i18n.clock(answer.at)}</p>
    </section>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, rules: any[]}} props */
function Ladder({ admin, rules }) {
  const { t, show } = admin;
  return html`
    <section aria-label=${t("try.rules")}>
      ${STAGES.map((stage) => {
        const mine = rules.filter((rule) => rule.stage === stage);
        return mine.length === 0
          ? null
          : html`
              <h2 class="ladder__stage">${t(`stage.${stage}`)}</h2>
              <ol class="ladder">
                ${mine.map(
                  (rule) => html`
                    <li>
                      <button type="button" class=${`rung ${rule.matched ? "rung--matched" : ""}`} onClick=${() => show(FILES[0], rule.line)}>
                        <${Icon} name=${rule.matched ? "check" : "close"} />
                        <span class="rung__words">
                          <span class="rung__name">${ruleName(t, rule.rule)}<span class="rung__line">${t("try.line", { line: rule.line })}</span></span>
                          <span class="rung__why">${rule.matched ? t("try.matched") : reasonsInWords(admin, [rule.why])}</span>
                        </span>
                      </button>
                    </li>
                  `,
                )}
              </ol>
            `;
      })}
    </section>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, answer: any}} props */
function Candidates({ admin, answer }) {
  const { t } = admin;
  const sorted = [...answer.candidates].sort((a, b) => Number(b.eligible) - Number(a.eligible));
  return html`
    <section aria-label=${t("try.candidates")}>
      <h2 class="ladder__stage">${t("try.candidates")}</h2>
      ${sorted.length === 0 ? html`<p class="outcome__line">${t("try.nobody")}</p>` : null}
      <ul class="candidates">
        ${sorted.map(
          (candidate) => html`
            <li class=${`candidate ${candidate.eligible ? "candidate--able" : ""}`}>
              <${Icon} name=${candidate.eligible ? "check" : "close"} />
              <span class="candidate__name">${admin.agentName(candidate.agent)}</span>
              <span class="candidate__why">${verdictInWords(admin, candidate)}</span>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, replies: any[]}} props */
function Replies({ admin, replies }) {
  const { t } = admin;
  if (replies.length === 0) return null;
  return html`
    <section aria-label=${t("try.replies")}>
      <h2 class="ladder__stage">${t("try.replies")} <code>${replies[0].reply}</code></h2>
      ${replies.map((reply) => html`<figure class="reply"><figcaption class="reply__language">${languageName(reply.language)}</figcaption><blockquote class="reply__text" lang=${reply.language}>${reply.text}</blockquote></figure>`)}
    </section>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Try({ admin }) {
  const { t, trial } = admin;
  const answer = trial.answer.value;
  const problem = trial.problem.value;
  return html`
    <div class="try">
      <${Question} admin=${admin} />
      <div class=${`try__answer ${problem || trial.isAsking.value ? "try__answer--old" : ""}`} aria-busy=${trial.isAsking.value}>
        ${problem ? html`<p class="try__problem" role="alert"><${Icon} name="alert" />${problem.kind === "not-applicable" ? t("try.broken") : problem.detail || problemInWords(problem, t)}</p>` : null}
        ${answer
          ? html`
              <${Outcome} admin=${admin} answer=${answer} />
              <${Ladder} admin=${admin} rules=${answer.rules} />
              <${Candidates} admin=${admin} answer=${answer} />
              <${Replies} admin=${admin} replies=${answer.replies} />
            `
          : problem
            ? null
            : html`<p class="try__empty"><${Icon} name="route" />${t("try.empty")}</p>`}
      </div>
    </div>
  `;
}
