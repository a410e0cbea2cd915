/** A list above the composer that follows what is typed: arrows move in it, Enter or Tab chooses, Escape puts it away. */

import { html, useId, useLayoutEffect, useState } from "/web/shared/html.mjs";

/** @typedef {{key: string, name: string, words: string, language?: string}} Choice `name` is what it is called, `words` what it says */

/**
 * What the composer shows and hears of such a list.
 *
 * @template {Choice} C
 * @param {{text: string, choices: readonly C[], label: string, count: string, onPick: (choice: C) => void}} options
 *   `text` is what has been typed: another text begins another list; without `choices` there is none; `count` says how many
 *   there are
 */
export function useChoosing({ text, choices, label, count, onPick }) {
  const listId = useId();
  const [dismissed, setDismissed] = useState("");
  const [chosen, setChosen] = useState({ text, index: 0 }); // of the list for this text; another list begins at its first
  const found = dismissed === text ? [] : choices;
  const present = Math.min(chosen.text === text ? chosen.index : 0, found.length - 1);
  const isOpen = found.length > 0;
  const idOf = (/** @type {number} */ index) => `${listId}-${index}`;

  useLayoutEffect(() => {
    if (isOpen) document.getElementById(idOf(present))?.scrollIntoView({ block: "nearest" });
  }, [present, isOpen]);

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was ours */
  function onKeyDown(event) {
    if (!isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isPick = (event.key === "Enter" && !event.shiftKey) || event.key === "Tab";
    if (step) setChosen({ text, index: (present + step + found.length) % found.length });
    else if (isPick) onPick(/** @type {C} */ (found[present]));
    else if (event.key === "Escape") setDismissed(text);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return {
    isOpen,
    onKeyDown,
    /** What the field says of the list. */
    field: { "aria-autocomplete": "list", "aria-controls": isOpen ? listId : undefined, "aria-activedescendant": isOpen ? idOf(present) : undefined },
    list: html`
      <p class="visually-hidden" role="status">${isOpen ? count : ""}</p>
      ${isOpen
        ? html`
            <ul id=${listId} class="choosing" role="listbox" aria-label=${label}>
              ${found.map(
                (choice, index) => html`
                  <li
                    key=${choice.key}
                    id=${idOf(index)}
                    class="choosing__item"
                    role="option"
                    aria-selected=${index === present}
                    onPointerDown=${(/** @type {Event} */ event) => event.preventDefault()}
                    onClick=${() => onPick(choice)}
                    onPointerMove=${() => index !== present && setChosen({ text, index })}
                  >
                    <span class="choosing__name">${choice.name}</span><span class="choosing__words" lang=${choice.language} dir="auto">${choice.words}</span>
                  </li>
                `,
              )}
            </ul>
          `
        : null}
    `,
  };
}
