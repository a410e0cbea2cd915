/** What a supervisor whispers to the owner stands above the composer until the owner has put it away. */

import { html, signal } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { keep, recallJson } from "./memory.mjs";

const KEPT = 100;
const away = signal(/** @type {readonly string[]} */ (recallJson("whispers", [])));

/** @param {string} id */
function putAway(id) {
  away.value = [...away.peek(), id].slice(-KEPT);
  keep("whispers", JSON.stringify(away.value));
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Whispers({ desk, conversation }) {
  const { t, state } = desk;
  if (!state.isMine(conversation)) return null;
  const me = state.me.value.id;
  const messages = state.logs.value.get(conversation.thread)?.messages ?? [];
  const shown = messages.filter((message) => message.whisper && message.conversation === conversation.id && message.author.id !== me && !away.value.includes(message.id));
  return html`
    <div class="whispers" role="status">
      ${shown.map(
        (message) => html`
          <p key=${message.id} class="whisper">
            <${Icon} name="lock" />
            <span class="whisper__words"><strong>${t("whisper.from", { name: message.author.name })}</strong> ${message.text}</span>
            <button type="button" class="icon-button icon-button--small" aria-label=${t("whisper.away")} title=${t("whisper.away")} onClick=${() => putAway(message.id)}><${Icon} name="close" /></button>
          </p>
        `,
      )}
    </div>
  `;
}

/** To a supervisor who looks at what a colleague has: that nobody notices, and how to speak. @param {{desk: import("./desk.mjs").Desk, isWhisper: boolean, onSwitch: () => void}} props */
export function Watching({ desk, isWhisper, onSwitch }) {
  const { t } = desk;
  return html`
    <p class="barred"><${Icon} name="moon" /><span>${t("watching.silent")}</span>
      <button type="button" class=${`button ${isWhisper ? "button--primary" : ""}`} aria-pressed=${isWhisper} onClick=${onSwitch}><${Icon} name="lock" />${t("watching.whisper")}</button>
    </p>
  `;
}
