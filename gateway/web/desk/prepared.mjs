/** Prepared replies: "/" at the beginning of an answer lists them, what follows it narrows the list, choosing one writes its words. */

import { html, useEffect, useId, useLayoutEffect, useState } from "/web/shared/html.mjs";
import { isLike } from "./palette.mjs";

const SIGN = "/";

/** @typedef {{reply: string, language: string, text: string}} Prepared */

/** Those that fit, by their names before their words. @param {readonly Prepared[]} replies @param {string} wanted */
function fitting(replies, wanted) {
  const found = replies.filter(({ reply, text }) => isLike(wanted, `${reply} ${text}`));
  const isNamed = (/** @type {Prepared} */ { reply }) => isLike(wanted, reply);
  return [...found.filter(isNamed), ...found.filter((one) => !isNamed(one))];
}

/**
 * What the composer shows and hears of them.
 *
 * @param {{desk: import("./desk.mjs").Desk, id: string, text: string, isOffered: boolean, onPick: (text: string) => void}} options
 *   `text` is what has been typed; `isOffered`: an answer may be given here
 */
export function usePrepared({ desk, id, text, isOffered, onPick }) {
  const { t } = desk;
  const listId = useId();
  const isWanted = isOffered && text.startsWith(SIGN) && !text.includes("\n");
  const [replies, setReplies] = useState(/** @type {readonly Prepared[]} */ ([]));
  const [dismissed, setDismissed] = useState("");
  const [chosen, setChosen] = useState({ text, index: 0 }); // of the list for this text; another list begins at its first
  const found = isWanted && dismissed !== text ? fitting(replies, text.slice(SIGN.length)) : [];
  const present = Math.min(chosen.text === text ? chosen.index : 0, found.length - 1);
  const isOpen = found.length > 0;
  const idOf = (/** @type {number} */ index) => `${listId}-${index}`;

  useEffect(() => {
    if (!isWanted) return undefined;
    let isCurrent = true;
    desk.api.prepared(id).then(
      ({ items }) => isCurrent && setReplies(items),
      () => {}, // what is typed is sent as it is
    );
    return () => {
      isCurrent = false;
    };
  }, [id, isWanted]);

  useLayoutEffect(() => {
    if (isOpen) document.getElementById(idOf(present))?.scrollIntoView({ block: "nearest" });
  }, [present, isOpen]);

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was ours */
  function onKeyDown(event) {
    if (!isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isPick = (event.key === "Enter" && !event.shiftKey) || event.key === "Tab";
    if (step) setChosen({ text, index: (present + step + found.length) % found.length });
    else if (isPick) onPick(/** @type {Prepared} */ (found[present]).text);
    else if (event.key === "Escape") setDismissed(text);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return {
    onKeyDown,
    /** What the field says of the list. */
    field: { "aria-autocomplete": "list", "aria-controls": isOpen ? listId : undefined, "aria-activedescendant": isOpen ? idOf(present) : undefined },
    list: html`
      <p class="visually-hidden" role="status">${isOpen ? t("prepared.count", { count: found.length }) : ""}</p>
      ${isOpen
        ? html`
            <ul id=${listId} class="prepared" role="listbox" aria-label=${t("prepared.title")}>
              ${found.map(
                ({ reply, language, text: words }, index) => html`
                  <li
                    key=${reply}
                    id=${idOf(index)}
                    class="prepared__item"
                    role="option"
                    aria-selected=${index === present}
                    onPointerDown=${(/** @type {Event} */ event) => event.preventDefault()}
                    onClick=${() => onPick(words)}
                    onPointerMove=${() => index !== present && setChosen({ text, index })}
                  >
                    <span class="prepared__name">${SIGN}${reply}</span><span class="prepared__text" lang=${language} dir="auto">${words}</span>
                  </li>
                `,
              )}
            </ul>
          `
        : null}
    `,
  };
}
