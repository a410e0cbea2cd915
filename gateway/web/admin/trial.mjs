/** Trying a message: what is asked, asked again whenever it or the draft changes, and the server's answer. */

import { effect, signal } from "/web/shared/html.mjs";
import { Problem } from "/desk/api.mjs";
import { keep, recallJson } from "/desk/memory.mjs";

const KEY = "admin.trial";
const ASKS_AFTER = 300;

/** @typedef {{text: string, channel: string, inbox: string, entry: string, at: string, contact_tags: string, language: string, returning: boolean}} Question */

/** @type {Question} */
const EMPTY = Object.freeze({ text: "", channel: "", inbox: "", entry: "", at: "", contact_tags: "", language: "", returning: false });

/** What the server is asked. @param {Question} question */
export const trialOf = (question) => ({
  ...question,
  contact_tags: question.contact_tags.split(/[\s,，、;；]+/).filter(Boolean),
});

/** @param {{api: import("./api.mjs").Api, draft: ReturnType<typeof import("./draft.mjs").createDraft>}} parts */
export function createTrial({ api, draft }) {
  const question = signal(/** @type {Question} */ ({ ...EMPTY, ...recallJson(KEY, {}) }));
  const answer = signal(/** @type {any} */ (null));
  const problem = signal(/** @type {Problem | null} */ (null));
  const isAsking = signal(false);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let asked = 0;

  async function ask() {
    asked += 1;
    const mine = asked;
    const wanted = question.peek();
    if (!wanted.text.trim() && !wanted.entry.trim()) {
      answer.value = null;
      problem.value = null;
      isAsking.value = false;
      return;
    }
    try {
      const found = await api.explain(trialOf(wanted), draft.changedTexts());
      if (mine !== asked) return;
      answer.value = found;
      problem.value = null;
    } catch (error) {
      if (mine !== asked) return;
      if (!(error instanceof Problem)) throw error;
      problem.value = error;
    } finally {
      if (mine === asked) isAsking.value = false;
    }
  }

  const stop = effect(() => {
    question.value;
    draft.texts.value;
    clearTimeout(waiting);
    isAsking.value = true;
    waiting = setTimeout(ask, ASKS_AFTER);
  });

  /** @param {Partial<Question>} change */
  function change(change) {
    question.value = { ...question.peek(), ...change };
    keep(KEY, JSON.stringify(question.peek()));
  }

  return Object.freeze({
    question, answer, problem, isAsking, change,
    clear: () => change(EMPTY),
    close: () => {
      stop();
      clearTimeout(waiting);
    },
  });
}
