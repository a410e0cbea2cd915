/**
 * Reasons in the reader's words. The server gives them as data: a code, and its values by name. What a value means follows
 * from its name wherever it stands: `agent` is an agent's id, `idle` a span in seconds, `wanted` a choice.
 */

const SHOWN = 8;

/** @typedef {{code: string, of?: Reason[], [value: string]: any}} Reason */
/**
 * Whoever knows the reader's language and what ids are called: the desk, or the administrator's page.
 *
 * @typedef {object} Reader
 * @property {(key: string, values?: any) => string} t
 * @property {ReturnType<typeof import("/web/shared/i18n.mjs").createI18n>} i18n
 * @property {(id: string) => string} agentName
 * @property {(id: string) => string} groupName
 * @property {(id: string) => string} skillName
 * @property {(id: string) => string} channelName
 * @property {(at: string) => string} when
 */

/**
 * A code of the core as the catalogue says it; a code that has no words yet is shown as it is, never left out.
 *
 * @param {(key: string, values?: any) => string} t @param {string} family @param {string} code @param {string} [otherwise]
 */
export function inWords(t, family, code, otherwise = code) {
  const key = `${family}.${code}`;
  const words = t(key);
  return words === key ? otherwise : words;
}

/** At most eight values, as the language lists them. @param {Reader} reader @param {readonly string[]} values @param {"conjunction" | "disjunction"} type */
function listed({ t, i18n }, values, type) {
  if (values.length === 0) return t("glue.none");
  const hidden = values.length - SHOWN;
  const shown = hidden > 0 ? [...values.slice(0, SHOWN), t("glue.more", { hidden })] : values;
  return new Intl.ListFormat(i18n.language.value, { type }).format(shown);
}

/** What was there instead. @param {Reader} reader @param {string | string[]} found */
function foundInWords(reader, found) {
  if (Array.isArray(found)) return listed(reader, found, "conjunction");
  return found ? reader.t("glue.quoted", { value: found }) : reader.t("glue.empty");
}

/** A clock on the wall where the hours count, whatever the reader's own zone is. @param {Reader} reader @param {string} local without an offset */
const wallClock = ({ i18n }, local) =>
  new Intl.DateTimeFormat(i18n.language.value, { year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(local));

/** What the values are, by their names; those that are not here are shown as they are. @type {Readonly<Record<string, (reader: Reader, value: any) => string>>} */
const VALUES = Object.freeze({
  agent: (reader, id) => reader.agentName(id),
  by: (reader, id) => reader.agentName(id),
  group: (reader, id) => reader.groupName(id),
  groups: (reader, ids) => listed(reader, ids.map(reader.groupName), "conjunction"),
  skill: (reader, id) => reader.skillName(id),
  channel: (reader, id) => reader.channelName(id),
  verdict: ({ t }, code) => inWords(t, "verdict", code),
  verdicts: (reader, codes) => listed(reader, codes.map((/** @type {string} */ code) => inWords(reader.t, "verdict", code)), "disjunction"),
  decline: ({ t }, code) => inWords(t, "decline", code),
  handoff: ({ t }, code) => inWords(t, "handoff", code),
  ended: ({ t }, code) => inWords(t, "ended", code),
  failure: ({ t }, code) => inWords(t, "failure", code),
  wish: ({ t }, code) => inWords(t, "wish", code),
  clock: ({ t }, code) => inWords(t, "clock", code),
  idle: ({ i18n }, seconds) => i18n.span(seconds),
  picked: ({ i18n }, seconds) => i18n.span(seconds),
  load: ({ i18n }, units) => i18n.number(units),
  units: ({ i18n }, units) => i18n.number(units),
  until: (reader, at) => reader.when(at),
  due: (reader, at) => reader.when(at),
  former: (reader, at) => reader.when(at),
  local: wallClock,
  opens: wallClock,
  found: foundInWords,
  wanted: (reader, values) => listed(reader, values, "disjunction"),
  timetables: (reader, ids) => listed(reader, ids, "conjunction"),
});

/** @param {Reader} reader @param {Reason} reason @returns {string} */
function reasonInWords(reader, { code, of, ...values }) {
  const words = Object.entries(values).map(([name, value]) => [name, VALUES[name]?.(reader, value) ?? value]);
  return reader.t(code, { ...Object.fromEntries(words), of: of ? reasonsInWords(reader, of) : "" });
}

/** Some reasons, in one sentence. @param {Reader} reader @param {readonly Reason[]} reasons @returns {string} */
export const reasonsInWords = (reader, reasons) => reasons.map((reason) => reasonInWords(reader, reason)).join(reader.t("glue.and"));

/** Why an agent may or may not. @param {Reader} reader @param {{verdict: string, why: readonly Reason[]}} candidate */
export function verdictInWords(reader, { verdict, why }) {
  const words = inWords(reader.t, "verdict", verdict);
  return why.length === 0 ? words : reader.t("verdict.with", { words, detail: reasonsInWords(reader, why) });
}
