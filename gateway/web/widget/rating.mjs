/** How did it go? Asked once the conversation has ended; the answer can be changed for a day. */

import { html, useEffect, useRef, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const STARS = Object.freeze([1, 2, 3, 4, 5]);
const LONGEST = 1_000;

/** @param {{visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n}} props */
export function Rating({ visit, i18n }) {
  const rating = visit.status.value.rating;
  const [chosen, setChosen] = useState(0);
  const [isChanging, setChanging] = useState(false);
  const card = useRef(/** @type {HTMLElement | null} */ (null));

  useEffect(() => {
    if (chosen) card.current?.scrollIntoView({ block: "end" }); // it has grown
  }, [chosen]);

  if (!rating) return null;
  const stars = chosen || rating.stars;

  if (rating.stars && !isChanging) {
    return html`
      <section class="rating" aria-label=${i18n.t("rating.title")}>
        <p class="rating__thanks" role="status">${i18n.t("rating.thanks")}</p>
        <p class="rating__given" role="img" aria-label=${i18n.t("rating.stars", { count: rating.stars })}>
          ${STARS.map((star) => html`<${Icon} key=${star} name=${star <= rating.stars ? "star_full" : "star"} />`)}
        </p>
        <button type="button" class="text-button" onClick=${() => setChanging(true)}>${i18n.t("rating.change")}</button>
      </section>
    `;
  }

  /** @param {Event} event */
  function onSubmit(event) {
    event.preventDefault();
    const text = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("words") ?? "");
    visit.rate(stars, text.trim());
    setChanging(false);
    setChosen(0);
  }

  return html`
    <form class="rating" ref=${card} onSubmit=${onSubmit}>
      <fieldset class="rating__stars">
        <legend class="rating__title">${i18n.t("rating.title")}</legend>
        <div class="rating__row">
          ${STARS.map(
            (star) => html`
              <label key=${star} class=${`rating__star ${star <= stars ? "rating__star--on" : ""}`}>
                <input class="visually-hidden" type="radio" name="stars" value=${star} checked=${star === stars} required onChange=${() => setChosen(star)} />
                <${Icon} name=${star <= stars ? "star_full" : "star"} />
                <span class="visually-hidden">${i18n.t("rating.stars", { count: star })}</span>
              </label>
            `,
          )}
        </div>
      </fieldset>
      ${stars
        ? html`
            <textarea
              class="asked__control rating__words"
              name="words"
              rows="2"
              maxlength=${LONGEST}
              dir="auto"
              aria-label=${i18n.t("rating.words")}
              placeholder=${i18n.t("rating.words")}
              defaultValue=${rating.text}
            ></textarea>
            <button class="button button--primary">${i18n.t("rating.send")}</button>
          `
        : null}
    </form>
  `;
}
