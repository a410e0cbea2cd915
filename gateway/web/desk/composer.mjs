/**
 * Where the agent writes: an answer to the contact, or a note for colleagues. What is typed is kept per conversation until
 * it is sent. Somebody else's conversation can be noted in, not answered.
 */

import { createEnter } from "/web/shared/enter.mjs";
import { html, useLayoutEffect, useMemo, useRef, useState } from "/web/shared/html.mjs";
import { problemInWords } from "./api.mjs";
import { Emoji } from "./emoji.mjs";
import { Icon } from "./icons.mjs";
import { mentionedIn, useMentions } from "./mentions.mjs";
import { sizeInWords } from "./part.mjs";
import { usePrepared } from "./prepared.mjs";
import { Preview } from "./preview.mjs";
import { lastReworded } from "./rewording.mjs";
import { isSenior } from "./state.mjs";
import { measure } from "./textlength.mjs";
import { Watching, Whispers } from "./whisper.mjs";
import { Window } from "./window.mjs";

const WARN_FROM = 0.8;
const LONGEST = 20_000;

/** @param {DataTransfer | null} data @returns {File[]} */
const filesOf = (data) => [...(data?.files ?? [])];

/** @param {string} mime */
const kindOf = (mime) => ["image", "video"].find((kind) => mime.startsWith(`${kind}/`) && mime !== "image/svg+xml") ?? "file";

/** @param {{desk: import("./desk.mjs").Desk, conversation: any, note: boolean, text: string}} props */
function Limit({ desk, conversation, note, text }) {
  const { t, i18n } = desk;
  const limit = note || !conversation.capabilities ? LONGEST : conversation.capabilities.text_limit;
  const unit = note || !conversation.capabilities ? "characters" : conversation.capabilities.text_unit;
  const used = measure(text, unit);
  if (used < limit * WARN_FROM) return null;
  return html`
    <span class=${`composer__limit ${used > limit ? "composer__limit--over" : ""}`} role="status">
      ${i18n.number(used)} / ${i18n.number(limit)} ${t(unit === "utf8_bytes" ? "composer.bytes" : "composer.signs")}
    </span>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, file: any, onDrop: () => void}} props */
function Attachment({ desk, file, onDrop }) {
  const { t, i18n } = desk;
  return html`
    <li class=${`attached ${file.problem ? "attached--bad" : ""}`}>
      ${file.preview ? html`<img class="attached__picture" src=${file.preview} alt="" />` : html`<span class="attached__icon"><${Icon} name="file" /></span>`}
      <span class="attached__words">
        <span class="attached__name">${file.name}</span>
        ${file.problem
          ? html`<span class="attached__problem" role="alert">${file.problem}</span>`
          : file.media
            ? html`<span class="attached__detail">${sizeInWords(file.size, i18n.language.value)}</span>`
            : html`<progress class="attached__progress" max="1" value=${file.progress} aria-label=${t("composer.uploading", { name: file.name })}></progress>`}
      </span>
      <button type="button" class="icon-button icon-button--small" aria-label=${t("composer.unattach", { name: file.name })} onClick=${onDrop}><${Icon} name="close" /></button>
    </li>
  `;
}

/** Why there is no answer to give here, and what to do instead. @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
function Barred({ desk, conversation }) {
  const { t, verbs } = desk;
  if (conversation.state === "resolved") {
    return html`
      <p class="barred"><${Icon} name="check" /><span>${t("barred.resolved")}</span>
        <button type="button" class="button" onClick=${() => verbs.reopen(conversation.id)}>${t("action.reopen")}</button>
      </p>
    `;
  }
  if (conversation.owner.kind === "agent" && conversation.owner.id !== desk.state.me.value.id) {
    return html`<p class="barred"><${Icon} name="person" /><span>${t("barred.colleague", { name: conversation.owner.name })}</span></p>`;
  }
  if (!conversation.can_reply) return html`<p class="barred"><${Icon} name="alert" /><span>${t("barred.left")}</span></p>`;
  return html`
    <p class="barred"><${Icon} name="clock" /><span>${t("barred.waiting")}</span>
      <button type="button" class="button button--primary" onClick=${() => verbs.accept(conversation.id)}>${t("action.accept")}<kbd>a</kbd></button>
    </p>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function Composer({ desk, conversation }) {
  const { t, drafts, state } = desk;
  const { id } = conversation;
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [isDropping, setDropping] = useState(false);
  const [caret, setCaret] = useState(0);
  const draft = drafts.read(id);
  const canReply = state.isMine(conversation) && conversation.can_reply;
  // What was begun as an answer never turns into a note by itself, nor the other way round.
  const canJoin = !canReply && conversation.can_reply && conversation.owner.kind === "agent" && isSenior(state.me.value);
  const isJoining = canJoin && draft.join && !draft.note;
  const isNote = draft.note || (!canReply && !isJoining && draft.text === "" && draft.files.length === 0);
  const isWhisper = isNote && canJoin && draft.whisper;
  const isOpen = canReply || isJoining || isNote;
  const isUploading = draft.files.some((file) => !file.media && !file.problem);
  const canSend = isOpen && (draft.text.trim() !== "" || draft.files.some((file) => file.media)) && !isUploading && draft.text.length <= LONGEST;

  /** @param {boolean} [andResolve] */
  async function send(andResolve = false) {
    const now = drafts.read(id);
    if (!isOpen) return;
    const parts = now.files.filter((file) => file.media).map(({ kind, media, name, size, mime, url }) => ({ kind, media, name, size, mime, url }));
    if (now.text.trim() === "" && parts.length === 0) return;
    if (now.files.some((file) => !file.media && !file.problem) || now.text.length > LONGEST) return;
    const mentions = isNote ? mentionedIn(desk, now.text) : [];
    const hasArrived = desk.outbox.send(id, { text: now.text.trim() === "" ? "" : now.text, parts, note: isNote, whisper: isWhisper, join: isJoining, mentions });
    drafts.write(id, { text: "", files: [], note: false, whisper: false, join: false });
    area.current?.focus();
    if (andResolve && (await hasArrived)) desk.verbs.resolve(id);
  }

  const prepared = usePrepared({
    desk,
    id,
    text: draft.text,
    isOffered: canReply && !isNote,
    onPick(text) {
      drafts.write(id, { text, note: false });
      area.current?.focus();
    },
  });

  const mentions = useMentions({ desk, text: draft.text, caret, isOffered: isNote, onPick: write });

  /** Write something in place of what stands between two signs. @param {number} begin @param {number} end @param {string} words */
  function write(begin, end, words) {
    const field = area.current;
    if (!field) return;
    field.focus();
    field.setRangeText(words, begin, end, "end");
    drafts.write(id, { text: field.value, note: isNote });
    setCaret(field.selectionEnd);
  }

  const latest = useRef(send);
  latest.current = send;
  const enter = useMemo(() => createEnter(() => latest.current()), []);

  useLayoutEffect(() => {
    desk.composer.focus = (note) => {
      drafts.write(id, { note, join: !note });
      area.current?.focus();
    };
    desk.composer.prepare = () => {
      const { text } = drafts.read(id);
      if (text === "") drafts.write(id, { text: "/", note: false });
      area.current?.focus();
    };
    desk.composer.resume = () => area.current?.focus();
    return () => {
      desk.composer.focus = null;
      desk.composer.prepare = null;
      desk.composer.resume = null;
      desk.rewording.value = "";
    };
  }, [id]);

  useLayoutEffect(() => {
    if (!area.current) return;
    area.current.style.height = "auto"; // the one size that only the browser knows: how tall these words are
    area.current.style.height = `${area.current.scrollHeight}px`;
  }, [draft.text, isNote, id]);

  /** @param {any} file @param {any} change */
  function mark(file, change) {
    drafts.write(id, { files: drafts.read(id).files.map((other) => (other.key === file.key ? { ...other, ...change } : other)) });
  }

  /** @param {File[]} picked */
  async function attach(picked) {
    for (const raw of picked) {
      const kind = kindOf(raw.type);
      const preview = kind === "image" ? URL.createObjectURL(raw) : "";
      const file = { key: crypto.randomUUID(), name: raw.name, size: raw.size, kind, preview, progress: 0, media: "", problem: "" };
      drafts.write(id, { files: [...drafts.read(id).files, file] });
      const kinds = conversation.capabilities?.media_kinds;
      if (kinds && !isNote && !kinds.includes(kind)) {
        mark(file, { problem: t("composer.not_carried") });
        continue;
      }
      try {
        const stored = await desk.api.upload(raw, (progress) => mark(file, { progress }));
        mark(file, { media: stored.id, mime: stored.mime, size: stored.size, url: stored.url, progress: 1 });
      } catch (error) {
        mark(file, { problem: problemInWords(error, t) });
      }
    }
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (prepared.onKeyDown(event) || mentions.onKeyDown(event)) return;
    if (event.key === "Escape" && !event.isComposing) {
      area.current?.blur();
      return;
    }
    if (event.key === "ArrowUp" && !event.isComposing && draft.text === "" && !isNote) {
      const last = lastReworded(desk, conversation);
      if (last) event.preventDefault(); // or the key would move in the field that opens
      desk.rewording.value = last?.id ?? "";
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      send(canReply && !isNote);
      return;
    }
    enter.onKeyDown(event);
  }

  /** @param {ClipboardEvent} event */
  function onPaste(event) {
    const files = filesOf(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    attach(files);
  }

  /** @param {DragEvent} event */
  function onDrop(event) {
    event.preventDefault();
    setDropping(false);
    attach(filesOf(event.dataTransfer));
  }

  return html`
    <form
      class=${`composer ${isNote ? "composer--note" : ""} ${isDropping ? "composer--dropping" : ""}`}
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        send();
      }}
      onDragOver=${(/** @type {DragEvent} */ event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave=${() => setDropping(false)}
      onDrop=${onDrop}
    >
      <${Whispers} desk=${desk} conversation=${conversation} />
      ${canReply ? null : html`<${Barred} desk=${desk} conversation=${conversation} />`}
      ${canJoin ? html`<${Watching} desk=${desk} isWhisper=${isWhisper} onSwitch=${() => drafts.write(id, { note: true, whisper: !isWhisper })} />` : null}
      <div class="composer__box">
        <div class="composer__modes" role="group" aria-label=${t("composer.mode")}>
          <button type="button" class="composer__mode" aria-pressed=${!isNote} disabled=${!canReply && !canJoin && isNote} onClick=${() => desk.composer.focus?.(false)}>
            ${t(canJoin ? "composer.join" : "composer.reply")}<kbd>r</kbd>
          </button>
          <button type="button" class="composer__mode composer__mode--note" aria-pressed=${isNote} onClick=${() => desk.composer.focus?.(true)}>
            <${Icon} name="lock" />${t("composer.note")}<kbd>n</kbd>
          </button>
          <span class="composer__hint">
            ${isNote
              ? t("composer.note_hint")
              : html`<span class="composer__via">${t("composer.via", { channel: desk.channelName(conversation.channel) })}</span><${Window} desk=${desk} conversation=${conversation} />`}
          </span>
        </div>
        ${prepared.list}${mentions.list}
        <textarea
          ref=${area}
          ...${isNote ? mentions.field : prepared.field}
          class="composer__field"
          rows="2"
          enterkeyhint="send"
          dir="auto"
          aria-label=${t(isNote ? "composer.note_label" : "composer.reply_label")}
          placeholder=${t(isNote ? "composer.note_placeholder" : "composer.reply_placeholder")}
          value=${draft.text}
          onInput=${(/** @type {Event} */ event) => {
            const field = /** @type {HTMLTextAreaElement} */ (event.target);
            drafts.write(id, { text: field.value, note: isNote });
            setCaret(field.selectionEnd);
            if (!isNote) desk.type(id);
          }}
          onSelect=${(/** @type {Event} */ event) => setCaret(/** @type {HTMLTextAreaElement} */ (event.target).selectionEnd)}
          onPaste=${onPaste}
          onKeyDown=${onKeyDown}
          onCompositionEnd=${enter.onCompositionEnd}
        ></textarea>
        ${draft.files.length > 0
          ? html`
              <ul class="composer__files">
                ${draft.files.map(
                  (file) => html`
                    <${Attachment} key=${file.key} desk=${desk} file=${file} onDrop=${() => drafts.write(id, { files: drafts.read(id).files.filter((other) => other.key !== file.key) })} />
                  `,
                )}
              </ul>
            `
          : null}
        ${canReply && !isNote ? html`<${Preview} desk=${desk} conversation=${conversation} text=${draft.text} files=${draft.files} />` : null}
        <div class="composer__foot">
          <button type="button" class="icon-button" aria-label=${t("composer.attach")} title=${t("composer.attach")} onClick=${() => picker.current?.click()}><${Icon} name="attach" /></button>
          <input
            ref=${picker}
            class="visually-hidden"
            type="file"
            multiple
            tabindex="-1"
            aria-hidden="true"
            onChange=${() => {
              attach([...(picker.current?.files ?? [])]);
              if (picker.current) picker.current.value = "";
            }}
          />
          <${Emoji} desk=${desk} onPick=${(/** @type {string} */ sign) => area.current && write(area.current.selectionStart, area.current.selectionEnd, sign)} />
          ${canReply && !isNote
            ? html`<button type="button" class="icon-button" aria-label=${t("composer.prepared")} title=${t("composer.prepared")} disabled=${draft.text !== ""} onClick=${() => desk.composer.prepare?.()}><${Icon} name="bolt" /></button>`
            : null}
          <${Limit} desk=${desk} conversation=${conversation} note=${isNote} text=${draft.text} />
          <span class="composer__space"></span>
          ${canReply && !isNote
            ? html`<button type="button" class="button button--quiet composer__resolve" disabled=${!canSend} title="Ctrl+Enter" onClick=${() => send(true)}>${t("composer.send_resolve")}</button>`
            : null}
          <button class=${`button ${isNote ? "button--note" : "button--primary"}`} disabled=${!canSend}>
            ${t(isNote ? "composer.save_note" : "composer.send")}<${Icon} name="send" />
          </button>
        </div>
      </div>
    </form>
  `;
}
