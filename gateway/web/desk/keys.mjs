/** Single letters outside inputs, Escape to leave one, and Ctrl or ⌘ with K for the palette. Nothing with Alt: those keys write characters. */

import { COMMANDS, isPossible, runCommand } from "./commands.mjs";

const WRITES = "input, textarea, select, [contenteditable]";

/** @param {import("@preact/signals").Signal<import("./desk.mjs").Desk | null>} present the desk, null before the login */
export function listenToKeys(present) {
  addEventListener("keydown", (event) => {
    const desk = present.peek();
    if (!desk || event.isComposing || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      desk.dialog.value = desk.dialog.peek() === "palette" ? "" : "palette";
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || desk.dialog.peek()) return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches?.(WRITES)) {
      if (event.key === "Escape") target.blur(); // the next letter means the page again
      return;
    }
    const command = COMMANDS.find((other) => other.key === event.key && isPossible(desk, other));
    if (!command) return;
    event.preventDefault();
    runCommand(desk, command);
  });
}
