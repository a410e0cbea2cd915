/** The sheet of keys: every letter and what it does. */

import { html } from "/web/shared/html.mjs";
import { COMMANDS } from "./commands.mjs";
import { Dialog } from "./dialog.mjs";

const ELSEWHERE = Object.freeze([
  ["Ctrl K / ⌘ K", "keys.palette"],
  ["Enter", "keys.send"],
  ["Shift Enter", "keys.newline"],
  ["Ctrl Enter", "keys.send_resolve"],
  ["↑", "keys.reword"],
  ["Esc", "keys.leave"],
]);

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Sheet({ desk }) {
  const { t } = desk;
  return html`
    <${Dialog} desk=${desk} title=${t("keys.title")} name="dialog--keys">
      <dl class="keys">
        ${COMMANDS.filter((command) => command.key).map(
          (command) => html`<div class="keys__row"><dt><kbd>${command.key}</kbd></dt><dd>${t(`command.${command.id}`)}</dd></div>`,
        )}
        ${ELSEWHERE.map(([key, words]) => html`<div class="keys__row"><dt><kbd>${key}</kbd></dt><dd>${t(words)}</dd></div>`)}
      </dl>
    <//>
  `;
}
