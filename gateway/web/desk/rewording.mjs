/** Other words in the place of an answer that was given, where the channel can edit: the bubble becomes a field. */

import { createEnter } from "/web/shared/enter.mjs";
import { html, useLayoutEffect, useMemo, useRef, useState } from "/web/shared/html.mjs";
import { measure } from "./textlength.mjs";

const EDITABLE = Object.freeze(["queued", "sent", "delivered", "read"]);

/** @typedef {import("./log.mjs").Message} Message */

/** @param {Message} message */
const wordsOf = ({ parts }) => parts.filter((part) => part.kind === "text").map((part) => part.text).join("\n");

/** Whether this agent can change what this message says. @param {import("./desk.mjs").Desk} desk @param {any} conversation @param {Message} message */
export const canReword = (desk, conversation, message) =>
  Boolean(conversation?.capabilities?.has_edits && conversation.can_reply) &&
  desk.state.isMine(conversation) &&
  message.conversation === conversation.id &&
  message.author.kind === "agent" &&
  message.author.id === desk.state.me.value.id &&
  EDITABLE.includes(message.delivery?.state ?? "") &&
  wordsOf(message) !== "";

/** The last answer that can be changed; undefined without one. @param {import("./desk.mjs").Desk} desk @param {any} conversation */
export const lastReworded = (desk, conversation) =>
  conversation && desk.state.logOf(conversation.thread).messages.findLast((message) => canReword(desk, conversation, message));

/** @param {{desk: import("./desk.mjs").Desk, message: Message, conversation: any}} props */
export function Rewording({ desk, message, conversation }) {
  const { t, verbs } = desk;
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const before = wordsOf(message);
  const [text, setText] = useState(before);
  const [isBusy, setBusy] = useState(false);
  const { text_limit: limit, text_unit: unit } = conversation.capabilities;
  const isLonger = measure(text, unit) > Math.max(limit, measure(before, unit));
  const canSave = text.trim() !== "" && !isLonger && !isBusy;

  useLayoutEffect(() => {
    const field = /** @type {HTMLTextAreaElement} */ (area.current);
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }, []);

  useLayoutEffect(() => {
    const field = /** @type {HTMLTextAreaElement} */ (area.current);
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);

  function leave() {
    desk.rewording.value = "";
    desk.composer.resume?.();
  }

  async function save() {
    if (!canSave) return;
    if (text === before) return leave();
    setBusy(true);
    const isDone = await verbs.reword(conversation.thread, message, text, conversation.epoch);
    setBusy(false);
    if (isDone) leave();
  }

  const latest = useRef(save);
  latest.current = save;
  const enter = useMemo(() => createEnter(() => latest.current()), []);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      leave();
      return;
    }
    enter.onKeyDown(event);
  }

  return html`
    <form
      class="rewording"
      aria-label=${t("reword.label")}
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        ref=${area}
        class="rewording__field"
        rows="1"
        dir="auto"
        enterkeyhint="done"
        aria-label=${t("reword.words")}
        value=${text}
        onInput=${(/** @type {Event} */ event) => setText(/** @type {HTMLTextAreaElement} */ (event.target).value)}
        onKeyDown=${onKeyDown}
        onCompositionEnd=${enter.onCompositionEnd}
      ></textarea>
      <div class="rewording__foot">
        <span class="rewording__hint" role="status">${isLonger ? t("reword.too_long") : t("reword.hint")}</span>
        <button type="button" class="button button--quiet" onClick=${leave}>${t("reword.leave")}</button>
        <button class="button button--primary" disabled=${!canSave}>${t("reword.save")}</button>
      </div>
    </form>
  `;
}
