/** One message: a bubble, its place in a run of bubbles by the same author, and what became of it. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { FILE_LIMIT } from "./uploads.mjs";
import { Part } from "./part.mjs";
import { isTheirs } from "./thread.mjs";

/** @param {string} name the letter or character that stands for somebody */
export const initial = (name) => [...name.trim()][0]?.toUpperCase() ?? "·";

const BARE = ["image", "video", "sticker", "choices"];

/** @param {{message: import("./thread.mjs").Message, visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n, isOnline: boolean}} props */
function Fate({ message, visit, i18n, isOnline }) {
  if (message.state === "failed") {
    const name = message.parts[0]?.name ?? "";
    const reason = i18n.t(message.problem || "message.failed", { name, limit: FILE_LIMIT / 1024 / 1024 });
    return html`
      <p class="fate fate--failed">
        <${Icon} name="alert" /><span>${reason}</span>
        <button type="button" class="text-button" onClick=${() => visit.retry(message.client_id)}>${i18n.t("message.retry")}</button>
        <button type="button" class="text-button" onClick=${() => visit.discard(message.client_id)}>${i18n.t("message.discard")}</button>
      </p>
    `;
  }
  if (message.state === "sending") {
    return html`<p class="fate"><${Icon} name="clock" /><span>${i18n.t(isOnline ? "message.sending" : "message.waiting")}</span></p>`;
  }
  const isRead = message.seq <= visit.readSeq.value;
  return html`
    <p class="fate">
      <span>${i18n.clock(message.at)}</span><${Icon} name=${isRead ? "checks" : "check"} /><span>${i18n.t(isRead ? "message.read" : "message.sent")}</span>
    </p>
  `;
}

/** @param {{message: import("./thread.mjs").Message, i18n: import("./part.mjs").I18n}} props */
function Progress({ message, i18n }) {
  const percent = Math.round((message.progress ?? 0) * 100);
  const label = i18n.t("upload.progress", { name: message.parts[0]?.name ?? "", percent });
  return html`<progress class="progress" max="100" value=${percent} aria-label=${label}></progress>`;
}

/**
 * @param {{
 *   message: import("./thread.mjs").Message, visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n,
 *   isFirst: boolean, isLast: boolean, isNewest: boolean, isOnline: boolean, houseName: string
 * }} props
 */
export function MessageRow({ message, visit, i18n, isFirst, isLast, isNewest, isOnline, houseName }) {
  const theirs = isTheirs(message);
  const name = message.author.name || houseName;
  const isBare = message.parts.every((part) => BARE.includes(part.kind));
  const showsFate = !theirs && (isLast || message.state !== "sent");
  return html`
    <li class=${`row ${theirs ? "row--theirs" : "row--mine"} ${isFirst ? "row--first" : ""} ${isLast ? "row--last" : ""}`}>
      ${theirs && isFirst ? html`<p class="row__name">${name}</p>` : null}
      ${theirs ? null : html`<span class="visually-hidden">${i18n.t("message.you")}</span>`}
      <div class="row__line">
        ${theirs ? html`<span class=${`avatar row__avatar ${isLast ? "" : "row__avatar--spare"}`} aria-hidden="true">${initial(name)}</span>` : null}
        <div class=${`bubble ${isBare ? "bubble--bare" : ""} ${message.state === "failed" ? "bubble--failed" : ""}`}>
          ${message.parts.map(
            (part, index) =>
              html`<${Part} key=${index} part=${part} i18n=${i18n} onChoose=${isNewest ? visit.choose : null} />`,
          )}
          ${message.progress === undefined ? null : html`<${Progress} message=${message} i18n=${i18n} />`}
        </div>
      </div>
      ${theirs && isLast ? html`<p class="fate"><span>${i18n.clock(message.at)}</span>${message.is_edited ? html`<span>${i18n.t("log.edited")}</span>` : null}</p>` : null}
      ${showsFate ? html`<${Fate} message=${message} visit=${visit} i18n=${i18n} isOnline=${isOnline} />` : null}
    </li>
  `;
}
