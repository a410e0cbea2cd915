/** The administrator's state: the version in force, the draft and what the server says of it, and what is on screen. */

import { computed, effect, signal } from "/web/shared/html.mjs";
import { Problem, problemInWords } from "/desk/api.mjs";
import { createNotices } from "/desk/notices.mjs";
import { createDraft } from "./draft.mjs";
import { createTrial } from "./trial.mjs";

const CHECKS_AFTER = 350;

/** @typedef {{file: string, line: number, column: number, code: string, severity: string, message: string, suggestion: string}} Finding */
/** @typedef {{problems: Finding[], tests: {line: number, passed: boolean, got: string}[]}} Findings */

/**
 * @param {{
 *   me: any, api: import("./api.mjs").Api, place: ReturnType<typeof import("./place.mjs").createPlace>,
 *   i18n: ReturnType<typeof import("/web/shared/i18n.mjs").createI18n>, routing: any, onLost: () => void,
 * }} parts `routing` is the version in force
 */
export function createAdmin({ me, api, place, i18n, routing, onLost }) {
  const { t } = i18n;
  const present = signal(routing);
  const draft = createDraft({ version: routing.version, files: routing.files });
  const found = signal(/** @type {Findings | null} */ (null));
  const isChecking = signal(false);
  const groups = signal(/** @type {any[]} */ ([]));
  const agents = signal(/** @type {any[]} */ ([]));
  const dialog = signal("");
  const notices = createNotices();
  /** Where the editor is asked to go: a file's line, from 1. */
  const jump = signal(/** @type {{file: string, line: number, column: number} | null} */ (null));
  const isStale = computed(() => draft.base.value.version !== present.value.version);
  const errors = computed(() => (found.value?.problems ?? []).filter((problem) => problem.severity === "error"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let asked = 0;

  /** Say what went wrong. @param {unknown} error */
  function fail(error) {
    if (error instanceof Problem && error.status === 401) return onLost();
    if (!(error instanceof Problem)) throw error;
    return notices.say(problemInWords(error, t), "danger");
  }

  /** Ask the server what it thinks of the draft; only the last answer counts. */
  async function check() {
    asked += 1;
    const mine = asked;
    isChecking.value = true;
    try {
      const answer = await api.check(draft.changedTexts());
      if (mine === asked) found.value = answer;
    } catch (error) {
      if (mine === asked) fail(error);
    } finally {
      if (mine === asked) isChecking.value = false;
    }
  }

  const stop = effect(() => {
    draft.texts.value;
    clearTimeout(waiting);
    waiting = setTimeout(check, CHECKS_AFTER);
  });

  /** The version in force may have changed: read it again; a draft without changes follows it. */
  async function refresh() {
    const fresh = await api.routing();
    present.value = fresh;
    if (draft.changed.peek().length === 0) draft.replace({ version: fresh.version, files: fresh.files });
    return fresh;
  }

  const trial = createTrial({ api, draft });

  /** Show a line in the editor. @param {string} file @param {number} line @param {number} [column] */
  function show(file, line, column = 1) {
    place.go({ page: "rules", file });
    jump.value = { file, line, column };
  }

  /** Give the draft up. */
  const discard = () => draft.replace({ version: present.peek().version, files: present.peek().files });

  /** A group's name in the reader's language. @param {string} id */
  function groupName(id) {
    const group = groups.value.find((other) => other.id === id);
    return group?.names?.[i18n.language.value] ?? group?.name ?? id;
  }

  /** @param {string} id */
  function agentName(id) {
    const agent = agents.value.find((other) => other.id === id);
    return agent ? agent.name : id;
  }

  const when = (/** @type {string} */ at) => `${i18n.day(at)} ${i18n.clock(at)}`;

  /** @param {string} id */
  const skillName = (id) => me.skill_names[id] ?? id;

  /** What people call a channel. @param {string} id */
  const channelName = (id) => me.channel_names[id]?.[i18n.language.value] ?? id;

  /** What each file may hold; nothing is known of it when it cannot be had. @type {Promise<Record<string, any>>} */
  const schemas = api.schemas().then((answer) => answer.files, (error) => (fail(error), {}));
  api.groups().then((answer) => (groups.value = answer.items), fail);
  api.agents().then((answer) => (agents.value = answer.items), fail);

  function close() {
    stop();
    clearTimeout(waiting);
    trial.close();
    draft.close();
  }

  return Object.freeze({
    me, api, place, i18n, t, notices, dialog, draft, trial, present, found, isChecking, isStale, errors, schemas, groups, agents, jump,
    check, refresh, show, discard, fail, groupName, agentName, skillName, channelName, when, close,
  });
}

/** @typedef {ReturnType<typeof createAdmin>} Admin */
