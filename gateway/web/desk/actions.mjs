/** The verbs that fit the open conversation, as buttons in its head. */

import { html } from "/web/shared/html.mjs";
import { COMMANDS, runCommand } from "./commands.mjs";
import { Icon } from "./icons.mjs";
import { Popover } from "./popover.mjs";

const FIRST = Object.freeze(["accept", "take", "resume", "resolve", "finish", "reopen"]);
const BESIDE = Object.freeze(["transfer", "park"]);
const REST = Object.freeze(["give_back", "requeue", "promise", "extend", "tags", "why", "contact"]);

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Actions({ desk, conversation }) {
  const { t } = desk;
  const possible = COMMANDS.filter((command) => command.can(desk, conversation));
  const pick = (/** @type {readonly string[]} */ ids) => possible.filter((command) => ids.includes(command.id));
  const main = pick(FIRST).at(-1);
  const first = pick(FIRST)[0];
  const shown = conversation.state === "parked" ? [first, main] : [main];
  return html`
    <div class="actions" role="group" aria-label=${t("actions.label")}>
      ${pick(BESIDE).map(
        (command) => html`
          <button key=${command.id} type="button" class="button actions__button" title=${`${t(`command.${command.id}`)} (${command.key})`} onClick=${() => runCommand(desk, command)}>
            <${Icon} name=${command.icon} /><span class="actions__word">${t(`action.${command.id}`)}</span>
          </button>
        `,
      )}
      ${shown.map((command, index) =>
        command
          ? html`
              <button
                key=${command.id}
                type="button"
                class=${`button actions__button ${index === shown.length - 1 ? "button--primary" : ""}`}
                title=${command.key ? `${t(`command.${command.id}`)} (${command.key})` : t(`command.${command.id}`)}
                onClick=${() => runCommand(desk, command)}
              >
                <${Icon} name=${command.icon} /><span class="actions__word">${t(`action.${command.id}`)}</span>
              </button>
            `
          : null,
      )}
      <${Popover} class="icon-button actions__more" label=${t("actions.more")} place="below-end" isMenu=${true} face=${html`<${Icon} name="down" />`}>
        <div class="menu">
          ${pick([...BESIDE, ...REST]).map(
            (command) => html`
              <button type="button" class=${`menu__item ${BESIDE.includes(command.id) ? "menu__item--phone" : ""}`} onClick=${() => runCommand(desk, command)}>
                <${Icon} name=${command.icon} />${t(`command.${command.id}`)}${command.key ? html`<kbd>${command.key}</kbd>` : null}
              </button>
            `,
          )}
        </div>
      <//>
    </div>
  `;
}
