/** Before applying: what changes in the text and in meaning, where real conversations would have gone, and the last word. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Problem, problemInWords } from "/desk/api.mjs";
import { Icon } from "/desk/icons.mjs";
import { Applying } from "./applying.mjs";
import { Compare } from "./compare.mjs";
import { Meaning } from "./meaning.mjs";
import { Simulation } from "./simulation.mjs";

/** @param {{admin: import("./admin.mjs").Admin}} props */
function Texts({ admin }) {
  const { t, draft } = admin;
  const base = draft.base.value;
  return html`
    ${draft.changed.value.map(
      (file) => html`
        <section key=${file} aria-label=${file}>
          <h3 class="review__file">${file}</h3>
          <${Compare} before=${base.files[file]} after=${draft.texts.value[file]} names=${[t("review.version", { version: base.version }), t("review.draft")]} t=${t} />
        </section>
      `,
    )}
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
function InMeaning({ admin }) {
  const { t, api, draft } = admin;
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState("");
  const texts = draft.texts.value;

  useEffect(() => {
    let isCurrent = true;
    api.diff(texts, draft.base.peek().version).then(
      (answer) => isCurrent && (setFound(answer), setProblem("")),
      (error) => isCurrent && setProblem(error instanceof Problem && error.kind === "not-applicable" ? t("review.broken") : problemInWords(error, t)),
    );
    return () => {
      isCurrent = false;
    };
  }, [texts]);

  if (problem) return html`<p class="try__problem" role="alert"><${Icon} name="alert" />${problem}</p>`;
  return found ? html`<${Meaning} t=${t} differences=${found.differences} />` : html`<p class="calm" aria-busy="true">${t("rules.checking")}</p>`;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Review({ admin }) {
  const { t, draft, place } = admin;

  useEffect(() => {
    document.title = `${t("page.review")} · Pointsman`;
  });

  return html`
    <main class="sheet">
      <header class="sheet__head">
        <h1 class="rules__title">${t("page.review")}<span class="tag">${t("rules.version", { version: draft.base.value.version })}</span></h1>
        <p class="sheet__lead">${t("review.lead")}</p>
      </header>
      ${draft.changed.value.length === 0
        ? html`
            <section class="empty">
              <${Icon} name="checks" />
              <p>${t("review.none")}</p>
              <button type="button" class="button button--primary" onClick=${() => place.go({ page: "rules" })}>${t("review.edit")}</button>
            </section>
          `
        : html`
            <section class="step" aria-labelledby="step-meaning">
              <h2 id="step-meaning" class="step__title"><span class="step__number">1</span>${t("review.meaning")}</h2>
              <${InMeaning} admin=${admin} />
            </section>
            <section class="step" aria-labelledby="step-text">
              <h2 id="step-text" class="step__title"><span class="step__number">2</span>${t("review.text")}</h2>
              <${Texts} admin=${admin} />
            </section>
            <section class="step" aria-labelledby="step-simulate">
              <h2 id="step-simulate" class="step__title"><span class="step__number">3</span>${t("review.simulate")}</h2>
              <${Simulation} admin=${admin} />
            </section>
            <section class="step" aria-labelledby="step-apply">
              <h2 id="step-apply" class="step__title"><span class="step__number">4</span>${t("review.apply")}</h2>
              <${Applying} admin=${admin} />
            </section>
          `}
    </main>
  `;
}
