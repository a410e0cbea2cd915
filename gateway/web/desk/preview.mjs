/**
 * What the contact will see, where that is not what is typed: cut into several messages, a file in another form or left
 * out, or nothing at all until the contact writes. The server says it; here it is shown, quietly, above the buttons.
 */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Part } from "./part.mjs";
import { inWords } from "./reasons.mjs";
import { measure } from "./textlength.mjs";
import { windowOf } from "./window.mjs";

const PAUSE = 350;

/** @typedef {{pieces: {parts: any[]}[], changes: {kind: string, part: string, why: string, detail: string}[]}} Fitted */

/** Whether the channel may change it: plain words that are short enough go as they are. @param {any} capabilities @param {string} text @param {any[]} parts */
const mayChange = (capabilities, text, parts) =>
  Boolean(capabilities) && (parts.length > 0 || measure(text, capabilities.text_unit) > capabilities.text_limit);

const isLost = (/** @type {{kind: string}} */ { kind }) => kind === "lost";

/** What will happen to it, the worst first. @param {import("./desk.mjs").Desk} desk @param {Fitted | null} fitted @param {number} left how many may go now */
function warnings(desk, fitted, left) {
  const { t } = desk;
  const count = fitted?.pieces.length ?? 1;
  const told = (fitted?.changes ?? []).filter(({ kind }) => kind !== "split");
  return [
    ...(left === 0 ? [t("preview.waits")] : []),
    ...[...told.filter(isLost), ...told.filter((change) => !isLost(change))].map(
      ({ kind, part, why }) => t(`preview.${kind}`, { part: inWords(t, "part", part), why: inWords(t, "change", why) }),
    ),
    ...(left > 0 && count > left ? [t("preview.short", { left, count })] : []),
  ];
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any, text: string, files: any[]}} props */
export function Preview({ desk, conversation, text, files }) {
  const { t, api } = desk;
  const [fitted, setFitted] = useState(/** @type {Fitted | null} */ (null));
  const parts = files.filter((file) => file.media).map(({ kind, media, name }) => ({ kind, media, name }));
  const isAsked = mayChange(conversation.capabilities, text, parts);
  const sketch = isAsked ? JSON.stringify({ text: text.trim() === "" ? "" : text, parts }) : "";

  useEffect(() => {
    if (!sketch) {
      setFitted(null);
      return undefined;
    }
    let isCurrent = true;
    const waiting = setTimeout(async () => {
      /** @type {Fitted | null} */
      let found = null;
      try {
        found = await api.preview(conversation.id, JSON.parse(sketch));
      } catch {
        // sending will say what is wrong; until then nothing is known
      }
      if (isCurrent) setFitted(found);
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(waiting);
    };
  }, [sketch, conversation.id]);

  if (text.trim() === "" && parts.length === 0) return null;
  const shown = sketch ? fitted : null;
  const left = windowOf(conversation, desk.now.value)?.left ?? Infinity;
  const bad = warnings(desk, shown, left);
  const count = shown?.pieces.length ?? 0;
  const words = [...bad, ...(count > 1 && count <= left ? [t("preview.pieces", { count })] : [])];
  if (words.length === 0) return null;
  const face = html`<${Icon} name=${bad.length > 0 ? "alert" : "checks"} /><span role="status">${words.join(" · ")}</span>`;
  const look = `preview ${bad.length > 0 ? "preview--warn" : ""}`;
  if (!shown || count === 0) return html`<p class=${look}>${face}</p>`;
  return html`
    <details class=${look}>
      <summary class="preview__face">${face}<span class="preview__more">${t("preview.show")}<${Icon} name="down" /></span></summary>
      <ol class="preview__pieces" aria-label=${t("preview.label")} tabindex="0">
        ${shown.pieces.map(
          (piece, index) => html`<li key=${index} class="preview__piece">${piece.parts.map((part, place) => html`<${Part} key=${place} desk=${desk} part=${part} />`)}</li>`,
        )}
      </ol>
    </details>
  `;
}
