/** The opening of a chat: the house's greeting, and topics to start with as long as nothing has been said. */

import { html } from "/web/shared/html.mjs";

/** @param {{visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n, house: import("./app.mjs").House, isAsking: boolean}} props `isAsking`: the form comes first */
export function Greeting({ visit, i18n, house, isAsking }) {
  const language = i18n.language.value;
  const isFresh = visit.messages.value.length === 0;
  const title = house.greeting[language] || i18n.t("greeting.title");
  const choices = Object.entries(house.choices).map(([value, labels]) => ({ value, label: labels[language] || Object.values(labels)[0] || value }));
  return html`
    <section class=${`greeting ${isFresh ? "" : "greeting--small"}`}>
      <h2 class="greeting__title">${title}</h2>
      <p class="greeting__text">${i18n.t("greeting.text")}</p>
      ${isFresh && !isAsking && choices.length > 0
        ? html`
            <p class="greeting__label" id="choices-label">${i18n.t("greeting.choices")}</p>
            <div class="choices" role="group" aria-labelledby="choices-label">
              ${choices.map(
                ({ value, label }) =>
                  html`<button type="button" class="choice" key=${value} onClick=${() => visit.choose(value, label)}>${label}</button>`,
              )}
            </div>
          `
        : null}
    </section>
  `;
}
