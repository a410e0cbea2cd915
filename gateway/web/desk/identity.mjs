/** Who is the same person: who seems to be, what speaks for it, merging with a choice for each field, and undoing that. */

import { html, useState } from "/web/shared/html.mjs";
import { Dialog } from "./dialog.mjs";
import { Icon } from "./icons.mjs";
import { inWords } from "./reasons.mjs";

const SIDES = Object.freeze(/** @type {const} */ (["this", "other"]));

/** @typedef {"this" | "other"} Side */
/** @typedef {{key: string, name: string, values: Record<Side, string>}} Field what two profiles say differently */

/** What speaks for it, in words. @param {import("./desk.mjs").Desk} desk @param {readonly {kind: string, value: string}[]} evidence */
const evidenceInWords = ({ t }, evidence) => evidence.map(({ kind, value }) => t("identity.same", { what: inWords(t, "identifier", kind), value })).join(" · ");

/** The fields that somebody has to choose: both profiles have a value, and not the same. @param {import("./desk.mjs").Desk} desk @param {any} contact @param {any} other @returns {Field[]} */
function fieldsOf({ t }, contact, other) {
  const keys = Object.keys(contact.attributes).filter((key) => key in other.attributes);
  const all = [
    { key: "name", name: t("identity.name"), values: { this: contact.name, other: other.name } },
    ...keys.map((key) => ({ key: `attributes.${key}`, name: key, values: { this: contact.attributes[key], other: other.attributes[key] } })),
  ];
  return all.filter(({ values }) => values.this && values.other && values.this !== values.other);
}

/** What is kept, as the server is told. @param {Record<string, Side>} chosen */
function keptOf(chosen) {
  const { name, ...rest } = chosen;
  const attributes = Object.fromEntries(Object.entries(rest).map(([key, side]) => [key.slice("attributes.".length), side]));
  return { ...(name ? { name } : {}), attributes };
}

/** @param {{desk: import("./desk.mjs").Desk, contact: any, suggestion: any, onClose: () => void}} props */
function Merging({ desk, contact, suggestion, onClose }) {
  const { t, verbs } = desk;
  const fields = fieldsOf(desk, contact, suggestion.profile);
  const [chosen, setChosen] = useState(/** @type {Record<string, Side>} */ (Object.fromEntries(fields.map(({ key }) => [key, "this"]))));

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (await verbs.mergeContacts(contact.id, { other: suggestion.contact, keep: keptOf(chosen) })) onClose();
  }

  return html`
    <${Dialog} desk=${desk} title=${t("identity.title", { name: desk.contactName({ id: suggestion.contact, name: suggestion.name }) })} onClose=${onClose}>
      <p class="dialog__text">${evidenceInWords(desk, suggestion.evidence)}</p>
      <p class="dialog__text">${t("identity.text")}</p>
      <form class="form" onSubmit=${onSubmit}>
        ${fields.map(
          ({ key, name, values }) => html`
            <fieldset class="kept">
              <legend class="label">${name}</legend>
              ${SIDES.map(
                (side) => html`
                  <label class="kept__value"><input type="radio" name=${key} checked=${chosen[key] === side} onChange=${() => setChosen({ ...chosen, [key]: side })} /><span dir="auto">${values[side]}</span></label>
                `,
              )}
            </fieldset>
          `,
        )}
        <footer class="dialog__foot"><button class="button button--primary" autofocus>${t("identity.merge")}</button></footer>
      </form>
    <//>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, contact: any}} props */
export function Identity({ desk, contact }) {
  const { t, verbs } = desk;
  const [asked, setAsked] = useState("");
  const { suggestions, merges } = contact;
  const suggestion = suggestions.find((/** @type {any} */ other) => other.contact === asked);
  if (suggestions.length === 0 && merges.length === 0) return null;
  return html`
    <section class="card" data-part="identity">
      <h2 class="card__title">${t("identity.who")}</h2>
      <ul class="same">
        ${suggestions.map(
          (/** @type {any} */ other) => html`
            <li key=${other.contact} class="same__row">
              <p class="same__words">${t("identity.seems", { name: desk.contactName({ id: other.contact, name: other.name }) })} <span class="same__why">${evidenceInWords(desk, other.evidence)}</span></p>
              <button type="button" class="text-button" aria-haspopup="dialog" onClick=${() => setAsked(other.contact)}>${t("identity.ask")}</button>
            </li>
          `,
        )}
        ${merges.map(
          (/** @type {any} */ merge, /** @type {number} */ index) => html`
            <li key=${merge.id} class="same__row">
              <p class="same__words"><${Icon} name="people" />${t("identity.merged", { name: desk.contactName(merge.other), when: desk.when(merge.at) })}
                <span class="same__why">${merge.by ? t("identity.by", { name: desk.agentName(merge.by) }) : t("identity.recognised", { what: inWords(t, "identifier", merge.because) })}</span></p>
              ${index === 0 ? html`<button type="button" class="text-button" onClick=${() => verbs.splitContacts(contact.id, merge.id)}>${t("identity.undo")}</button>` : null}
            </li>
          `,
        )}
      </ul>
    </section>
    ${suggestion ? html`<${Merging} desk=${desk} contact=${contact} suggestion=${suggestion} onClose=${() => setAsked("")} />` : null}
  `;
}
