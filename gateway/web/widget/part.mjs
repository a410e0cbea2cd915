/** One part of a message as it is shown. Only addresses of our own files, and web links, are ever followed. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Words } from "./words.mjs";

/** @param {unknown} url whether it is a file of ours (or a preview of the contact's own) */
const isOurs = (url) =>
  typeof url === "string" && (url.startsWith("blob:") || new URL(url, document.baseURI).origin === location.origin);

/** @param {unknown} url */
const isWebLink = (url) => typeof url === "string" && /^https?:\/\//i.test(url);

/** @param {number} bytes @param {string} language */
export function sizeInWords(bytes, language) {
  const [unit, size] = bytes < 1_000_000 ? ["kilobyte", 1_000] : ["megabyte", 1_000_000];
  const digits = bytes < 1_000_000 ? 0 : 1;
  const style = /** @type {const} */ ({ style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits });
  return new Intl.NumberFormat(language, style).format(Math.max(bytes / Number(size), 1 / 10 ** digits));
}

/** @typedef {ReturnType<typeof import("/web/shared/i18n.mjs").createI18n>} I18n */

/** @param {{part: any, i18n: I18n}} props */
function Picture({ part, i18n }) {
  const label = part.name ? i18n.t("part.image", { name: part.name }) : i18n.t("part.image_unnamed");
  const picture = html`<img class="picture" src=${part.url} alt=${label} loading="lazy" />`;
  if (part.url.startsWith("blob:")) return picture;
  return html`<a class="picture-link" href=${part.url} target="_blank" rel="noopener">${picture}</a>`;
}

/** @param {{part: any, i18n: I18n}} props */
function Attachment({ part, i18n }) {
  const name = part.name || i18n.t("part.file");
  const body = html`
    <span class="attachment__icon"><${Icon} name="file" /></span>
    <span class="attachment__text">
      <span class="attachment__name">${name}</span>
      ${part.size ? html`<span class="attachment__size">${sizeInWords(part.size, i18n.language.value)}</span>` : null}
    </span>
  `;
  if (!isOurs(part.url)) return html`<span class="attachment">${body}</span>`;
  const label = i18n.t("part.open", { name });
  return html`<a class="attachment" href=${part.url} target="_blank" rel="noopener" download=${name} aria-label=${label}>${body}</a>`;
}

/**
 * @param {{part: any, i18n: I18n, onChoose: ((value: string, label: string) => void) | null}} props
 *   `onChoose` is null when choices are no longer open
 */
export function Part({ part, i18n, onChoose }) {
  switch (part.kind) {
    case "text":
      return html`<${Words} text=${part.text} />`;
    case "choice":
      return html`<${Words} text=${part.label || part.value} />`;
    case "image":
    case "sticker":
      return isOurs(part.url) ? html`<${Picture} part=${part} i18n=${i18n} />` : html`<${Attachment} part=${part} i18n=${i18n} />`;
    case "voice":
      return isOurs(part.url)
        ? html`<audio class="sound" controls preload="none" src=${part.url} aria-label=${i18n.t("part.voice")}></audio>`
        : html`<${Attachment} part=${part} i18n=${i18n} />`;
    case "video":
      return isOurs(part.url)
        ? html`<video class="picture" controls preload="metadata" src=${part.url} aria-label=${part.name || i18n.t("part.file")}></video>`
        : html`<${Attachment} part=${part} i18n=${i18n} />`;
    case "file":
      return html`<${Attachment} part=${part} i18n=${i18n} />`;
    case "link":
      return isWebLink(part.url)
        ? html`<a class="words" href=${part.url} target="_blank" rel="noopener noreferrer nofollow">${part.title || part.url}</a>`
        : html`<${Words} text=${part.title || part.url} />`;
    case "location":
      return html`<p class="words place"><${Icon} name="place" />${part.label || part.address || i18n.t("part.place")}</p>`;
    case "contact":
      return html`<${Words} text=${[part.name, part.phone, part.email].filter(Boolean).join(" · ")} />`;
    case "choices":
      return html`
        <div class="choices">
          ${part.options.map(
            (/** @type {{value: string, label: string}} */ option) => html`
              <button type="button" class="choice" disabled=${!onChoose} onClick=${() => onChoose?.(option.value, option.label)}>
                ${option.label}
              </button>
            `,
          )}
        </div>
      `;
    default:
      return html`<p class="words words--faint">${i18n.t("message.unknown")}</p>`;
  }
}
