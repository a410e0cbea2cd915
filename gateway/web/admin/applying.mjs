/** The last word: a message and the base version go with the files; refused when stale, when a test fails, when broken. */

import { html, useState } from "/web/shared/html.mjs";
import { Problem, problemInWords } from "/desk/api.mjs";
import { Icon } from "/desk/icons.mjs";
import { Stale } from "./stale.mjs";

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Applying({ admin }) {
  const { t, api, draft, errors, place, notices } = admin;
  const [message, setMessage] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState(/** @type {Problem | null} */ (null));
  const failing = refusal?.kind === "not-applicable" ? (refusal.more.problems ?? []).filter((/** @type {any} */ problem) => problem.severity === "error") : [];

  /** @param {Event} event */
  async function apply(event) {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      const applied = await api.apply(draft.changedTexts(), message.trim(), draft.base.peek().version);
      const fresh = await api.routing();
      admin.present.value = fresh;
      draft.replace({ version: fresh.version, files: fresh.files });
      notices.say(t("apply.done", { version: applied.number }));
      place.go({ page: "versions" });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setRefusal(error);
      setBusy(false);
    }
  }

  return html`
    <form class="apply" onSubmit=${apply}>
      ${errors.value.length > 0 ? html`<p class="try__problem" role="status"><${Icon} name="alert" />${t("apply.errors", { count: errors.value.length })}</p>` : null}
      <label class="label" for="apply-message">${t("apply.message")}</label>
      <div class="apply__row">
        <input class="field" id="apply-message" value=${message} maxlength="500" required placeholder=${t("apply.hint")} onInput=${(/** @type {any} */ event) => setMessage(event.currentTarget.value)} />
        <button class="button button--primary" disabled=${isBusy || !message.trim()}>${t(isBusy ? "apply.busy" : "apply.do", { version: draft.base.value.version })}</button>
      </div>
      <p class="apply__note">${t("apply.note")}</p>
    </form>
    ${refusal?.kind === "stale" ? html`<${Stale} admin=${admin} refusal=${refusal} onDone=${() => setRefusal(null)} />` : null}
    ${refusal && refusal.kind !== "stale"
      ? html`
          <div class="refusal" role="alert">
            <p class="refusal__title"><${Icon} name="alert" />${failing.length ? t("apply.refused") : problemInWords(refusal, t)}</p>
            <ul>
              ${failing.map(
                (/** @type {any} */ problem) => html`<li><button type="button" class="text-button" onClick=${() => admin.show(problem.file, problem.line, problem.column)}>${problem.file}:${problem.line}:${problem.column}</button> ${problem.code} ${problem.message} ${problem.suggestion}</li>`,
              )}
            </ul>
          </div>
        `
      : null}
  `;
}
