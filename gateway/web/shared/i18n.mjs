/**
 * The screens' languages: flat catalogues of sentences, chosen by what the reader prefers, formatted by `Intl`.
 *
 * A sentence may hold `{name}` placeholders. A sentence that counts exists once per plural form (`unread.one`,
 * `unread.other`) and is chosen by `values.count`. Dates, numbers and spans are never put together by hand.
 */

import { signal } from "@preact/signals";

/** @typedef {Record<string, string>} Catalogue */
/** @typedef {Record<string, string | number>} Values */

export const LANGUAGES = Object.freeze(["zh-CN", "zh-TW", "en"]);

/** Which of ours stands in for a language that we do not have: readers of traditional characters get those. */
const STAND_INS = new Map([
  ["zh-hk", ["zh-TW", "zh-CN"]],
  ["zh-mo", ["zh-TW", "zh-CN"]],
  ["zh-hant", ["zh-TW", "zh-CN"]],
  ["zh-tw", ["zh-TW", "zh-CN"]],
  ["zh", ["zh-CN", "zh-TW"]],
]);

/**
 * The best of the `offered` languages for a reader who prefers `wanted`, in that order; the first offered when none fits.
 *
 * @param {readonly string[]} wanted BCP 47 tags
 * @param {readonly string[]} [offered]
 * @returns {string}
 */
export function pickLanguage(wanted, offered = LANGUAGES) {
  for (const tag of wanted) {
    const parts = tag.toLowerCase().split(/[-_]/);
    for (let length = parts.length; length > 0; length -= 1) {
      const shorter = parts.slice(0, length).join("-");
      const candidates = [shorter, ...(STAND_INS.get(shorter) ?? [])].map((candidate) => candidate.toLowerCase());
      for (const candidate of candidates) {
        const exact = offered.find((language) => language.toLowerCase() === candidate);
        if (exact) return exact;
      }
    }
    const sameTongue = offered.find((language) => language.toLowerCase().split("-")[0] === parts[0]);
    if (sameTongue) return sameTongue;
  }
  return offered[0] ?? "en";
}

/**
 * A catalogue's sentence with its placeholders filled. An unknown key is shown as itself: visible, never empty.
 *
 * @param {Catalogue} catalogue
 * @param {string} language
 * @param {string} key
 * @param {Values} [values]
 */
export function say(catalogue, language, key, values = {}) {
  let sentence = catalogue[key];
  if (sentence === undefined && typeof values.count === "number") {
    const form = new Intl.PluralRules(language).select(values.count);
    sentence = catalogue[`${key}.${form}`] ?? catalogue[`${key}.other`];
  }
  if (sentence === undefined) return key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * The languages of one screen. `t` and the formatters read signals, so a component that uses them is drawn again when the
 * language changes.
 *
 * @param {readonly string[]} folders where `{language}.json` lie, relative to the page or absolute; together one catalogue
 */
export function createI18n(...folders) {
  const language = signal("en");
  const catalogue = signal(/** @type {Catalogue} */ ({}));
  let latest = "";

  /** One folder's sentences. @param {string} folder @param {string} tag @returns {Promise<Catalogue>} */
  async function fetched(folder, tag) {
    const answer = await fetch(new URL(`${tag}.json`, new URL(folder, document.baseURI)));
    if (!answer.ok) throw new Error(`no catalogue for ${tag}: ${answer.status}`);
    return answer.json();
  }

  /** Fetch a language and switch to it. @param {string} tag one of `LANGUAGES` */
  async function use(tag) {
    latest = tag;
    const sentences = await Promise.all(folders.map((folder) => fetched(folder, tag)));
    if (tag !== latest) return; // somebody has changed their mind meanwhile
    catalogue.value = Object.assign({}, ...sentences);
    language.value = tag;
    document.documentElement.lang = tag;
  }

  /** @param {string} key @param {Values} [values] */
  const t = (key, values) => say(catalogue.value, language.value, key, values);

  /** The time of day. @param {string | number | Date} at */
  const clock = (at) =>
    new Intl.DateTimeFormat(language.value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));

  /** The day, as people say it: today and yesterday by name. @param {string | number | Date} at @param {Date} [now] */
  function day(at, now = new Date()) {
    const that = new Date(at);
    const midnight = (/** @type {Date} */ date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
    const days = Math.round((midnight(that) - midnight(now)) / 86_400_000);
    if (days === 0 || days === -1 || days === 1) {
      return new Intl.RelativeTimeFormat(language.value, { numeric: "auto" }).format(days, "day");
    }
    const year = that.getFullYear() === now.getFullYear() ? undefined : "numeric";
    return new Intl.DateTimeFormat(language.value, { year, month: "long", day: "numeric", weekday: "short" }).format(that);
  }

  /** A span in the largest unit that fits: "3 minutes". @param {number} seconds */
  function span(seconds) {
    const [unit, size] =
      seconds < 60 ? ["second", 1] : seconds < 3_600 ? ["minute", 60] : seconds < 86_400 ? ["hour", 3_600] : ["day", 86_400];
    const style = /** @type {const} */ ({ style: "unit", unit, unitDisplay: "long" });
    return new Intl.NumberFormat(language.value, style).format(Math.max(1, Math.round(seconds / Number(size))));
  }

  /** @param {number} value */
  const number = (value) => new Intl.NumberFormat(language.value).format(value);

  return Object.freeze({ language, use, t, clock, day, span, number });
}
