/** Tags and priority of a conversation, changed together. */

import { html, useState } from "/web/shared/html.mjs";
import { presentConversation } from "./commands.mjs";
import { Dialog } from "./dialog.mjs";
import { Icon } from "./icons.mjs";
import { priorityName } from "./row.mjs";

const LONGEST = 60;

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Tagging({ desk }) {
  const { t, state, verbs } = desk;
  const conversation = presentConversation(desk);
  const [tags, setTags] = useState(/** @type {string[]} */ (conversation?.tags ?? []));
  const [priority, setPriority] = useState(String(conversation?.priority ?? "normal"));
  const [typed, setTyped] = useState("");
  if (!conversation) return null;

  const known = [...new Set(state.lists.value.all.flatMap((other) => other.tags))].filter((tag) => !tags.includes(tag)).sort();
  const { priorities } = state.me.value;
  const offered = priorities.includes(priority) ? priorities : [...priorities, priority]; // a file may have dropped it

  /** @param {string} tag */
  function add(tag) {
    const clean = tag.trim();
    if (clean && !tags.includes(clean)) setTags([...tags, clean]);
    setTyped("");
  }

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (typed.trim()) {
      add(typed);
      return;
    }
    desk.dialog.value = "";
    await verbs.tag(conversation.id, {
      add: tags.filter((tag) => !conversation.tags.includes(tag)),
      remove: conversation.tags.filter((/** @type {string} */ tag) => !tags.includes(tag)),
      ...(priority === conversation.priority ? {} : { priority }),
    });
  }

  return html`
    <${Dialog} desk=${desk} title=${t("tags.title")}>
      <form class="form" onSubmit=${onSubmit}>
        <div>
          <label class="label" for="tag-field">${t("tags.tags")}</label>
          <div class="tagbox">
            ${tags.map(
              (tag) => html`
                <span class="tag tag--big">${tag}
                  <button type="button" class="tag__drop" aria-label=${t("tags.drop", { tag })} onClick=${() => setTags(tags.filter((other) => other !== tag))}><${Icon} name="close" /></button>
                </span>
              `,
            )}
            <input
              id="tag-field"
              autofocus
              class="tagbox__field"
              maxlength=${LONGEST}
              autocomplete="off"
              placeholder=${t("tags.placeholder")}
              value=${typed}
              onInput=${(/** @type {Event} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value)}
            />
          </div>
          ${known.length > 0
            ? html`<div class="chips" role="group" aria-label=${t("tags.known")}>${known.slice(0, 12).map((tag) => html`<button type="button" class="chip" onClick=${() => add(tag)}>+ ${tag}</button>`)}</div>`
            : null}
        </div>
        <fieldset class="choice-row">
          <legend class="label">${t("tags.priority")}</legend>
          <div class="segments">
            ${offered.map(
              (/** @type {string} */ name) => html`
                <label class="segment segment--radio">
                  <input class="visually-hidden" type="radio" name="priority" value=${name} checked=${priority === name} onChange=${() => setPriority(name)} />
                  ${priorityName(desk, name)}
                </label>
              `,
            )}
          </div>
        </fieldset>
        <footer class="dialog__foot"><button class="button button--primary">${t(typed.trim() ? "tags.add" : "dialog.save")}</button></footer>
      </form>
    <//>
  `;
}
