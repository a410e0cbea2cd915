/** The form before the first word: what the administrator asks for, answered once in this browser. */

import { html } from "/web/shared/html.mjs";

const TYPES = Object.freeze({ text: "text", email: "email", phone: "tel" });
const COMPLETES = Object.freeze({ name: "name", email: "email", phone: "tel" });
const LONGEST = 500;

/** @param {Record<string, string>} words @param {string} language */
const inLanguage = (words, language) => words[language] || Object.values(words)[0] || "";

/** @param {{name: string, asked: any, i18n: import("./part.mjs").I18n}} props */
function Field({ name, asked, i18n }) {
  const language = i18n.language.value;
  const id = `asked-${name}`;
  const label = inLanguage(asked.label, language) || name;
  return html`
    <div class="asked">
      <label class="asked__label" for=${id}>${label}${asked.required ? "" : html` <span class="asked__hint">${i18n.t("prechat.optional")}</span>`}</label>
      ${asked.kind === "choice"
        ? html`
            <select class="asked__control" id=${id} name=${name} required=${asked.required}>
              <option value="">${i18n.t("prechat.choose")}</option>
              ${Object.entries(asked.options).map(
                ([value, labels]) => html`<option key=${value} value=${value}>${inLanguage(/** @type {any} */ (labels), language) || value}</option>`,
              )}
            </select>
          `
        : html`<input
            class="asked__control"
            id=${id}
            name=${name}
            type=${TYPES[/** @type {keyof typeof TYPES} */ (asked.kind)] ?? "text"}
            autocomplete=${COMPLETES[/** @type {keyof typeof COMPLETES} */ (name)] ?? "off"}
            maxlength=${LONGEST}
            required=${asked.required}
            dir="auto"
          />`}
    </div>
  `;
}

/** @param {{visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n, house: import("./app.mjs").House, onDone: () => void}} props */
export function Prechat({ visit, i18n, house, onDone }) {
  /** @param {Event} event */
  function onSubmit(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const given = [...form].map(([key, value]) => [key, String(value).trim()]).filter(([, value]) => value);
    visit.answer(Object.fromEntries(given));
    onDone();
  }

  return html`
    <form class="prechat" aria-label=${i18n.t("prechat.title")} onSubmit=${onSubmit}>
      <p class="prechat__title">${i18n.t("prechat.title")}</p>
      ${Object.entries(house.prechat).map(([name, asked]) => html`<${Field} key=${name} name=${name} asked=${asked} i18n=${i18n} />`)}
      <button class="button button--primary prechat__send">${i18n.t("prechat.start")}</button>
    </form>
  `;
}
