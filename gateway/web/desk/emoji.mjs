/** A small sheet of emoji: arrows move in it, choosing one writes it where the caret is. */

import { html, useRef, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Popover } from "./popover.mjs";

const ROW = 8;
const SIGNS = Object.freeze(
  [
    ["😀", "😄", "😊", "🙂", "😉", "😍", "😂", "😅"],
    ["🤔", "😮", "😢", "😭", "😴", "🙏", "👍", "👌"],
    ["👏", "💪", "🤝", "🙌", "👋", "❤️", "🎉", "🌹"],
    ["✨", "⭐", "✅", "❌", "❗", "❓", "📎", "📷"],
    ["📄", "📅", "⏰", "📞", "✈️", "🛂", "🏨", "💳"],
  ].flat(),
);
const STEPS = Object.freeze({ ArrowRight: 1, ArrowLeft: -1, ArrowDown: ROW, ArrowUp: -ROW });

/** @param {{desk: import("./desk.mjs").Desk, onPick: (sign: string) => void}} props */
export function Emoji({ desk, onPick }) {
  const { t } = desk;
  const [present, setPresent] = useState(0);
  const sheet = useRef(/** @type {HTMLDivElement | null} */ (null));

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    if (!step) return;
    event.preventDefault();
    const next = Math.min(Math.max(present + step, 0), SIGNS.length - 1);
    setPresent(next);
    /** @type {HTMLButtonElement | undefined} */ (sheet.current?.children[next])?.focus();
  }

  return html`
    <${Popover} class="icon-button" label=${t("composer.emoji")} place="above" face=${html`<${Icon} name="smile" />`}>
      <div ref=${sheet} class="emoji" onKeyDown=${onKeyDown}>
        ${SIGNS.map(
          (sign, index) => html`
            <button key=${sign} type="button" class="emoji__sign" tabindex=${index === present ? 0 : -1} onClick=${() => onPick(sign)}>${sign}</button>
          `,
        )}
      </div>
    <//>
  `;
}
