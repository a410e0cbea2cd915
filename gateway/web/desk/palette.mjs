/** The palette: type a few letters to find a conversation or anything that can be done; it shows the keys, so one learns them. */

import { html, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";
import { COMMANDS, isPossible, runCommand } from "./commands.mjs";
import { Dialog } from "./dialog.mjs";
import { Icon } from "./icons.mjs";
import { Avatar } from "./person.mjs";

const MOST = 12;
const HIDDEN = Object.freeze(["next", "previous", "open"]);

/** Whether the letters of `wanted` appear in `words` in order; every word of it on its own. @param {string} wanted @param {string} words */
export function isLike(wanted, words) {
  const field = words.toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => field.includes(word));
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Palette({ desk }) {
  const { t, place, state } = desk;
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState(0);

  const commands = COMMANDS.filter((command) => !HIDDEN.includes(command.id) && isPossible(desk, command)).map((command) => ({
    id: `command-${command.id}`,
    words: t(`command.${command.id}`),
    detail: "",
    key: command.key,
    face: html`<${Icon} name=${command.icon} />`,
    run: () => runCommand(desk, command),
  }));
  const conversations = state.lists.value.all.map((conversation) => ({
    id: `conversation-${conversation.id}`,
    words: desk.contactName(conversation.contact),
    detail: conversation.last_message?.text ?? conversation.excerpt,
    key: "",
    face: html`<${Avatar} name=${conversation.contact.name} of=${conversation.contact.id} size="s" />`,
    run: () => place.go({ name: "conversation", id: conversation.id }),
  }));
  const found = [...commands, ...conversations].filter((item) => isLike(wanted, `${item.words} ${item.detail}`)).slice(0, MOST);
  const present = Math.min(chosen, found.length - 1);

  useLayoutEffect(() => field.current?.focus(), []);

  /** @param {(typeof found)[number] | undefined} item */
  function pick(item) {
    if (!item) return;
    desk.dialog.value = "";
    queueMicrotask(item.run); // after the dialog has given the focus back
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen((present + step + found.length) % Math.max(found.length, 1));
    }
    if (event.key === "Enter") {
      event.preventDefault();
      pick(found[present]);
    }
  }

  return html`
    <${Dialog} desk=${desk} title=${t("palette.title")} name="dialog--palette" isBare=${true}>
      <div class="palette">
        <div class="palette__field">
          <${Icon} name="search" />
          <input
            ref=${field}
            class="palette__input"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-found"
            aria-activedescendant=${found[present]?.id}
            aria-label=${t("palette.title")}
            placeholder=${t("palette.placeholder")}
            value=${wanted}
            onInput=${(/** @type {Event} */ event) => {
              setWanted(/** @type {HTMLInputElement} */ (event.target).value);
              setChosen(0);
            }}
            onKeyDown=${onKeyDown}
          />
          <kbd>Esc</kbd>
        </div>
        <ul id="palette-found" class="palette__found" role="listbox" aria-label=${t("palette.title")}>
          ${found.map(
            (item, index) => html`
              <li key=${item.id} id=${item.id} class="palette__item" role="option" aria-selected=${index === present} onClick=${() => pick(item)} onPointerMove=${() => index !== present && setChosen(index)}>
                <span class="palette__face">${item.face}</span>
                <span class="palette__words">${item.words}</span>
                <span class="palette__detail">${item.detail}</span>
                ${item.key ? html`<kbd>${item.key}</kbd>` : null}
              </li>
            `,
          )}
        </ul>
        ${found.length === 0 ? html`<p class="palette__none" role="status">${t("palette.none")}</p>` : null}
      </div>
    <//>
  `;
}
