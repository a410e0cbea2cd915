/** The chat in its frame: reads what the page was given, starts the visit, and draws the four parts of the screen. */

import { effect, html, render, signal, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";
import { createI18n, pickLanguage } from "/web/shared/i18n.mjs";
import { Composer, filesOf } from "./composer.mjs";
import { Header } from "./header.mjs";
import { listenToHost } from "./host.mjs";
import { Log } from "./log.mjs";
import { adopt, recall, recallAll } from "./memory.mjs";
import { askFrame, createPopout } from "./popout.mjs";
import { Prechat } from "./prechat.mjs";
import { canRecord, createRecorder } from "./recorder.mjs";
import { Standing } from "./standing.mjs";
import { createVisit } from "./visit.mjs";

/**
 * What the server wrote into the page about this inbox.
 *
 * @typedef {object} House
 * @property {string} inbox
 * @property {string} name
 * @property {string[]} languages
 * @property {string[]} origins that may embed it
 * @property {Record<string, string>} greeting
 * @property {Record<string, Record<string, string>>} choices value → language → label
 * @property {Record<string, {label: Record<string, string>, kind: string, required: boolean, options: Record<string, Record<string, string>>}>} prechat
 * @property {boolean} rating
 * @property {boolean} voice whether contacts may record their voice
 * @property {string[]} files the kinds of file that may be sent: `.pdf`, `image/*`
 */

const house = /** @type {House} */ (
  JSON.parse(/** @type {HTMLMetaElement} */ (document.querySelector("meta[name=pointsman]")).content)
);
const isFramed = parent !== window;
const i18n = createI18n("/widget/locales/");
const place = `pointsman:${house.inbox}:`;
const words = signal("");
/** What went wrong here, as a catalogue key; empty when nothing did. */
const notice = signal("");
let theme = "";
const field = { current: /** @type {HTMLTextAreaElement | null} */ (null) };

/** What the page around us asks for, before the browser's own preferences. */
let wanted = "";

function speak() {
  return i18n.use(pickLanguage([wanted, ...navigator.languages].filter(Boolean), house.languages));
}

/** Light, dark, or as the system has it. @param {unknown} given */
function paint(given) {
  theme = given === "light" || given === "dark" ? given : "";
  document.documentElement.dataset.theme = theme;
}

/** The chat was opened, perhaps before it could be drawn. */
let wantsFocus = !isFramed;

function toComposer() {
  field.current?.focus();
}

const host = listenToHost([...house.origins, location.origin], (word) => {
  switch (word.type) {
    case "hello":
      wanted = String(word.language ?? "");
      if (wanted) speak();
      paint(word.theme);
      visit.begin(word);
      return host.tell({ type: "ready" });
    case "opened":
      visit.setVisible(true);
      wantsFocus = true;
      return toComposer();
    case "closed":
      return visit.setVisible(false);
    case "context":
      return visit.setContext(word.context ?? {});
    case "about":
      return visit.change(word);
    case "identify":
      return visit.identify(word.identity);
    case "logout":
      words.value = "";
      return visit.logout();
    case "forget":
      visit.forget();
      return host.tell({ type: "forgotten" });
    case "theme":
      return paint(word.theme);
    case "locale":
      wanted = String(word.language);
      return void speak().then(() => visit.speaks());
    case "send":
      return visit.send(String(word.text));
    case "prefill":
      words.value = String(word.text);
      return visit.draft.write(words.value);
  }
});

const popout = createPopout(() => ({ kept: recallAll(place), said: visit.told(), language: wanted, theme }));

/** We are the window of a chat that was in a page: it goes on here. @param {import("./popout.mjs").Bundle} told */
function goOn(told) {
  if (told.kept[`${place}token`] !== recall(`${place}token`)) adopt(told.kept);
  wanted = told.language;
  paint(told.theme);
}

const told = isFramed
  ? null
  : await askFrame((changed) => {
      goOn(changed);
      visit.begin(changed.said);
      visit.rejoin();
    });
if (told) goOn(told);

const visit = createVisit({
  kinds: house.files,
  place,
  language: () => i18n.language.value,
  onEvent: (name, detail = {}) => host.tell({ type: "event", name, detail }),
  onSecret: () => popout.tell(),
});
if (told) visit.begin(told.said);

const recorder =
  house.voice && canRecord()
    ? createRecorder({ onFile: (file) => visit.sendFile(file), onProblem: (problem) => (notice.value = problem) })
    : null;

/** The chat moves to a window of its own. */
function popOut() {
  if (popout.open()) host.tell({ type: "close" });
  else notice.value = "menu.popout_blocked";
}

function Widget() {
  const [isDropping, setDropping] = useState(false);
  const depth = useRef(0);
  const onClose = isFramed ? () => host.tell({ type: "close" }) : null;

  /** @param {DragEvent} event */
  function onDrop(event) {
    event.preventDefault();
    depth.current = 0;
    setDropping(false);
    for (const file of filesOf(event.dataTransfer)) visit.sendFile(file);
  }

  /** @param {number} step @param {DragEvent} event */
  function drag(step, event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    depth.current += step;
    setDropping(depth.current > 0);
  }

  useLayoutEffect(() => {
    /** @param {KeyboardEvent} event */
    function onKeyDown(event) {
      if (event.key === "Escape" && !event.isComposing) onClose?.();
    }
    addEventListener("keydown", onKeyDown); // wherever the focus is
    return () => removeEventListener("keydown", onKeyDown);
  }, []);

  const isAsking =
    Object.keys(house.prechat).length > 0 && !visit.isAsked.value && visit.isReady.value && visit.messages.value.length === 0;

  if (visit.isGone.value) return html`<p class="gone" role="alert">${i18n.t("error.gone")}</p>`;
  return html`
    <div
      class="chat"
      onDragEnter=${(/** @type {DragEvent} */ event) => drag(1, event)}
      onDragLeave=${(/** @type {DragEvent} */ event) => drag(-1, event)}
      onDragOver=${(/** @type {DragEvent} */ event) => drag(0, event)}
      onDrop=${onDrop}
    >
      <${Header} visit=${visit} i18n=${i18n} house=${house} onClose=${onClose} onEnd=${toComposer} onPopOut=${isFramed ? popOut : null} />
      <${Log}
        visit=${visit}
        i18n=${i18n}
        house=${house}
        form=${isAsking ? html`<${Prechat} visit=${visit} i18n=${i18n} house=${house} onDone=${() => setTimeout(toComposer)} />` : null}
      />
      <footer>
        <${Standing} visit=${visit} i18n=${i18n} notice=${notice} />
        ${isAsking ? null : html`<${Composer} visit=${visit} i18n=${i18n} words=${words} field=${field} recorder=${recorder} />`}
      </footer>
      ${isDropping ? html`<div class="drop" aria-hidden="true"><p>${i18n.t("composer.drop")}</p></div>` : null}
    </div>
  `;
}

words.value = visit.draft.read();
await speak();
effect(() => {
  const count = isFramed ? 0 : visit.unread.value; // the page around us counts in its own title
  document.title = `${count ? `(${count}) ` : ""}${house.name || i18n.t("app.title")}`;
});
render(html`<${Widget} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
effect(() => host.tell({ type: "unread", count: visit.unread.value }));
effect(() => host.tell({ type: "status", status: visit.presence.value }));
visit.onDraft((text) => {
  if (!document.hasFocus()) words.value = text;
});
if (!isFramed) visit.setVisible(true);
if (wantsFocus) toComposer();
