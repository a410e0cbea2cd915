/** One part of a message. Only our own files and web links are ever followed; a kind that we do not know is named. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { Words } from "./words.mjs";

/** Whether it is a file of ours, or a picture that this page has just picked. @param {unknown} url */
const isOurs = (url) =>
  typeof url === "string" && (url.startsWith("blob:") || new URL(url, location.href).origin === location.origin);

/** @param {unknown} url */
const isWebLink = (url) => typeof url === "string" && /^https?:\/\//i.test(url);

/** @param {number} bytes @param {string} language */
export function sizeInWords(bytes, language) {
  const isSmall = bytes < 1_000_000;
  const style = /** @type {const} */ ({
    style: "unit",
    unit: isSmall ? "kilobyte" : "megabyte",
    unitDisplay: "short",
    maximumFractionDigits: isSmall ? 0 : 1,
  });
  return new Intl.NumberFormat(language, style).format(Math.max(bytes / (isSmall ? 1_000 : 1_000_000), 0.1));
}

/** @param {{desk: import("./desk.mjs").Desk, part: any}} props */
function File({ desk, part }) {
  const { t, i18n } = desk;
  const name = part.name || t(`part.${part.kind === "file" ? "file" : part.kind}`);
  const detail = part.problem ? t("part.problem", { problem: part.problem }) : part.size ? sizeInWords(part.size, i18n.language.value) : t("part.coming");
  const body = html`
    <span class="file__icon"><${Icon} name=${part.problem ? "alert" : "file"} /></span>
    <span class="file__words"><span class="file__name">${name}</span><span class="file__detail">${detail}</span></span>
  `;
  if (!isOurs(part.url)) return html`<span class="file">${body}</span>`;
  return html`<a class="file" href=${part.url} target="_blank" rel="noopener" download=${name}>${body}</a>`;
}

/** @param {{desk: import("./desk.mjs").Desk, part: any}} props */
export function Part({ desk, part }) {
  const { t } = desk;
  switch (part.kind) {
    case "text":
      return html`<${Words} text=${part.text} />`;
    case "choice":
      return html`<p class="words"><span class="pressed">${part.label || part.value}</span></p>`;
    case "image":
    case "sticker": {
      if (!isOurs(part.url)) return html`<${File} desk=${desk} part=${part} />`;
      const label = part.name ? t("part.image_of", { name: part.name }) : t("part.image");
      return html`<a class="picture-link" href=${part.url} target="_blank" rel="noopener"><img class="picture" src=${part.url} alt=${label} width=${part.width || undefined} height=${part.height || undefined} loading="lazy" /></a>`;
    }
    case "voice":
      return isOurs(part.url)
        ? html`<audio class="sound" controls preload="none" src=${part.url} aria-label=${part.name || t("part.voice")}></audio>`
        : html`<${File} desk=${desk} part=${part} />`;
    case "video":
      return isOurs(part.url)
        ? html`<video class="picture" controls preload="metadata" src=${part.url} aria-label=${part.name || t("part.video")}></video>`
        : html`<${File} desk=${desk} part=${part} />`;
    case "file":
      return html`<${File} desk=${desk} part=${part} />`;
    case "link":
      return isWebLink(part.url)
        ? html`<p class="words"><a href=${part.url} target="_blank" rel="noopener noreferrer nofollow">${part.title || part.url}</a></p>`
        : html`<${Words} text=${part.title || String(part.url)} />`;
    case "location":
      return html`
        <p class="words place"><${Icon} name="place" />${part.label || part.address || t("part.location")}<small> ${part.latitude}, ${part.longitude}</small></p>
      `;
    case "contact":
      return html`<${Words} text=${[part.name, part.phone, part.email].filter(Boolean).join(" · ")} />`;
    case "choices":
      return html`<p class="choices">${part.options.map((/** @type {any} */ option) => html`<span class="pressed">${option.label}</span>`)}</p>`;
    default:
      return html`<p class="words words--faint">${t("part.unknown", { kind: part.of ?? part.kind })}</p>`;
  }
}
