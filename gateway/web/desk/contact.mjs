/** Who writes: name, addresses, what is known, how they came, and what was said before. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Identity } from "./identity.mjs";
import { Avatar, ChannelMark } from "./person.mjs";
import { addressOf } from "./place.mjs";
import { inWords } from "./reasons.mjs";

/** @param {string} value */
const isWebLink = (value) => /^https?:\/\//i.test(value);

/** @param {string} tag @param {string} language */
function languageName(tag, language) {
  try {
    return new Intl.DisplayNames(language, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag; // what a channel said is not always a language tag
  }
}

/** @param {{desk: import("./desk.mjs").Desk, contact: any}} props */
function Attributes({ desk, contact }) {
  const { t, verbs } = desk;
  const [isAdding, setAdding] = useState(false);
  const entries = Object.entries(contact.attributes);

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const key = String(form.get("key")).trim();
    if (key && (await verbs.changeContact(contact.id, { attributes: { [key]: String(form.get("value")) } }))) setAdding(false);
  }

  return html`
    <section class="card">
      <h2 class="card__title">${t("contact.attributes")}
        <button type="button" class="icon-button icon-button--small" aria-label=${t("contact.add_attribute")} aria-expanded=${isAdding} onClick=${() => setAdding(!isAdding)}><${Icon} name="plus" /></button>
      </h2>
      ${entries.length === 0 && !isAdding ? html`<p class="card__none">${t("contact.no_attributes")}</p>` : null}
      <dl class="facts">
        ${entries.map(
          ([key, value]) => html`
            <div class="facts__row">
              <dt>${key}</dt>
              <dd dir="auto">${isWebLink(String(value)) ? html`<a href=${value} target="_blank" rel="noopener noreferrer nofollow">${value}</a>` : value}</dd>
              <button type="button" class="icon-button icon-button--small facts__drop" aria-label=${t("contact.drop_attribute", { key })} onClick=${() => verbs.changeContact(contact.id, { attributes: { [key]: null } })}>
                <${Icon} name="close" />
              </button>
            </div>
          `,
        )}
      </dl>
      ${isAdding
        ? html`
            <form class="form form--tight" onSubmit=${onSubmit}>
              <input class="field" name="key" maxlength="60" required aria-label=${t("contact.key")} placeholder=${t("contact.key")} />
              <input class="field" name="value" maxlength="500" required aria-label=${t("contact.value")} placeholder=${t("contact.value")} />
              <button class="button">${t("dialog.save")}</button>
            </form>
          `
        : null}
    </section>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, contact: any}} props */
function Tags({ desk, contact }) {
  const { t, verbs } = desk;

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const tag = String(new FormData(form).get("tag")).trim();
    if (tag && (await verbs.changeContact(contact.id, { tags: [...contact.tags, tag] }))) form.reset();
  }

  return html`
    <section class="card">
      <h2 class="card__title">${t("contact.tags")}</h2>
      <form class="tagbox" onSubmit=${onSubmit}>
        ${contact.tags.map(
          (/** @type {string} */ tag) => html`
            <span class="tag tag--big">${tag}
              <button type="button" class="tag__drop" aria-label=${t("tags.drop", { tag })} onClick=${() => verbs.changeContact(contact.id, { tags: contact.tags.filter((/** @type {string} */ other) => other !== tag) })}><${Icon} name="close" /></button>
            </span>
          `,
        )}
        <input class="tagbox__field" name="tag" maxlength="60" autocomplete="off" aria-label=${t("contact.add_tag")} placeholder=${t("contact.add_tag")} />
      </form>
    </section>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, contact: any, present: string}} props */
function Past({ desk, contact, present }) {
  const { t, place } = desk;
  const past = contact.conversations.filter((/** @type {any} */ other) => other.id !== present);
  return html`
    <section class="card">
      <h2 class="card__title">${t("contact.past")}</h2>
      ${past.length === 0 ? html`<p class="card__none">${t("contact.no_past")}</p>` : null}
      <ul class="past">
        ${past.map(
          (/** @type {any} */ other) => html`
            <li>
              <a class="past__row" href=${addressOf({ ...place.at.value, name: "conversation", id: other.id })} onClick=${place.follow}>
                <span class="past__line"><${ChannelMark} desk=${desk} conversation=${other} /><span>${t(`state.${other.state}`)}</span><time datetime=${other.created_at}>${desk.when(other.created_at)}</time></span>
                <span class="past__words">${other.excerpt || other.last_message?.text || ""}</span>
              </a>
            </li>
          `,
        )}
      </ul>
    </section>
  `;
}

/** A line of a summary as name and value. @param {string} line @returns {[string, string]} */
function named(line) {
  const at = line.indexOf(": ");
  return at < 0 ? ["", line] : [line.slice(0, at), line.slice(at + 2)];
}

/** What a bot has learnt, and why it handed over. @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
function Learnt({ desk, conversation }) {
  const { t } = desk;
  const { fields, handoff } = conversation;
  const entries = Object.entries(fields ?? {});
  if (entries.length === 0 && !handoff) return null;
  // A bot's summary has the fields by the names that agents know; lines without a name stand alone.
  const told = handoff?.summary ? handoff.summary.split("\n").map(named) : entries;
  return html`
    <section class="card" data-part="learnt">
      <h2 class="card__title">${t("learnt.title")}</h2>
      ${handoff
        ? html`<dl class="facts">
            <div class="facts__row"><dt>${t("learnt.reason")}</dt><dd>${inWords(t, "handoff", handoff.reason)}</dd></div>
            ${handoff.name ? html`<div class="facts__row"><dt>${t("learnt.by")}</dt><dd>${handoff.name}</dd></div>` : null}
          </dl>`
        : null}
      <dl class="facts">
        ${told.map((/** @type {[string, string]} */ [key, value]) => html`<div class="facts__row"><dt>${key}</dt><dd dir="auto">${value}</dd></div>`)}
      </dl>
    </section>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Contact({ desk, conversation }) {
  const { t, i18n, state } = desk;
  const { id } = conversation.contact;
  const contact = state.contacts.value.get(id);

  useEffect(() => {
    desk.loadContact(id);
  }, [id, conversation.state]);

  const facts = [
    [t("contact.entry"), conversation.entry],
    [t("contact.inbox"), conversation.inbox],
    [t("contact.language"), conversation.language && languageName(conversation.language, i18n.language.value)],
    [t("contact.began"), desk.when(conversation.created_at)],
  ].filter(([, value]) => value);
  return html`
    <header class="who">
      <${Avatar} name=${conversation.contact.name} of=${id} size="l" />
      <div>
        <p class="who__name">${desk.contactName(contact ?? conversation.contact)}</p>
        ${contact ? html`<p class="who__since">${t("contact.since", { when: i18n.day(contact.created_at) })}</p>` : null}
      </div>
    </header>
    <section class="card">
      <h2 class="card__title">${t("contact.this")}</h2>
      <dl class="facts">${facts.map(([key, value]) => html`<div class="facts__row"><dt>${key}</dt><dd>${value}</dd></div>`)}</dl>
      <div class="card__tags">
        ${conversation.tags.map((/** @type {string} */ tag) => html`<span class="tag">${tag}</span>`)}
        <button type="button" class="text-button" onClick=${() => (desk.dialog.value = "tags")}>${t("contact.change_tags")}</button>
      </div>
    </section>
    <${Learnt} desk=${desk} conversation=${conversation} />
    ${contact
      ? html`
          <${Tags} desk=${desk} contact=${contact} />
          <${Attributes} desk=${desk} contact=${contact} />
          <section class="card">
            <h2 class="card__title">${t("contact.addresses")}</h2>
            <ul class="addresses">
              ${contact.addresses.map(
                (/** @type {any} */ address) => html`
                  <li class="address"><${ChannelMark} desk=${desk} conversation=${address} /><span class="address__id">${address.address}</span>
                    ${address.verified ? html`<span class="address__verified"><${Icon} name="check" />${t("contact.verified")}</span>` : null}
                    ${address.left ? html`<span class="address__left"><${Icon} name="alert" />${t("contact.left")}</span>` : null}
                  </li>
                `,
              )}
            </ul>
          </section>
          <${Identity} desk=${desk} contact=${contact} />
          <${Past} desk=${desk} contact=${contact} present=${conversation.id} />
        `
      : null}
  `;
}
