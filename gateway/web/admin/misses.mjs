/** What a bot had no answer to: read by who writes its articles. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "/desk/icons.mjs";
import { addressOf } from "./place.mjs";

/** @param {{admin: import("./admin.mjs").Admin, bot: string}} props */
function List({ admin, bot }) {
  const { t, api } = admin;
  const [items, setItems] = useState(/** @type {any[] | null} */ (null));
  const [next, setNext] = useState("");

  /** @param {string} after */
  async function load(after) {
    try {
      const page = await api.misses(bot, after);
      setItems((before) => (after && before ? [...before, ...page.items] : page.items));
      setNext(page.next ?? "");
    } catch (error) {
      admin.fail(error);
    }
  }

  useEffect(() => void load(""), [bot]);

  if (!items) return html`<p class="misses__none" aria-busy="true">${t("misses.loading")}</p>`;
  if (items.length === 0) return html`<p class="misses__none">${t("misses.none")}</p>`;
  return html`
    <ul class="misses" aria-label=${t("misses.title")}>
      ${items.map(
        (miss) => html`
          <li key=${miss.conversation + miss.at} class="miss">
            <span class="miss__text">${miss.text}</span>
            ${miss.handed_over ? html`<span class="tag"><${Icon} name="people" />${t("misses.handed_over")}</span>` : null}
            <a class="miss__when" href=${`/desk/c/${encodeURIComponent(miss.conversation)}`}><time datetime=${miss.at}>${admin.when(miss.at)}</time></a>
          </li>
        `,
      )}
    </ul>
    ${next ? html`<p class="card__foot"><button type="button" class="button" onClick=${() => load(next)}>${t("misses.more")}</button></p>` : null}
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, bot: string, isOpen: boolean}} props */
export function Misses({ admin, bot, isOpen }) {
  const { t, place } = admin;
  const address = addressOf(isOpen ? { page: "agents" } : { page: "agents", id: bot });
  return html`
    <p class="card__foot"><a class="button" href=${address} aria-expanded=${isOpen} onClick=${place.follow}>${t(isOpen ? "misses.hide" : "misses.show")}</a></p>
    ${isOpen ? html`<${List} admin=${admin} bot=${bot} />` : null}
  `;
}
