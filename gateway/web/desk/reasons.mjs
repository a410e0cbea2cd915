/** The core's short codes for why, in the reader's words. What a catalogue does not know is shown as the core said it. */

const PICKS = Object.freeze(["longest_idle", "least_loaded", "best_skill", "round_robin"]);
const STICKY = "answered this contact last";
const AGAIN = "free again, and ";
const DEPUTY = /^deputy of (.+)$/;
const NEXT = /^free, earliest due of (\d+) waiting \((own group|overflow from) (.+)\)$/;
const DESPITE = "despite a cool-down";

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

/** Why this agent and not another, without the figures behind it. @param {import("./desk.mjs").Desk} desk @param {string} because @returns {string} */
export function becauseInWords(desk, because) {
  const { t } = desk;
  if (because.startsWith(AGAIN)) return t("because.again", { why: becauseInWords(desk, because.slice(AGAIN.length)) });
  if (because === STICKY) return t("because.sticky");
  const [, deputised] = DEPUTY.exec(because) ?? [];
  if (deputised) return t("because.deputy", { name: desk.agentName(deputised) });
  const [, count, how, group] = NEXT.exec(because) ?? [];
  if (group) return t(how === "own group" ? "because.next" : "because.helping", { count: Number(count), group: desk.groupName(group) });
  const pick = PICKS.find((name) => because.startsWith(name));
  if (!pick) return because;
  return because.includes(DESPITE) ? t("because.despite", { why: t(`because.${pick}`) }) : t(`because.${pick}`);
}

/** Why an agent may or may not. @param {import("./desk.mjs").Desk} desk @param {any} candidate */
export function verdictInWords(desk, { verdict, detail, reasons }) {
  const { t } = desk;
  const words = inWords(t, "verdict", verdict, reasons[0]);
  if (!detail || verdict === "eligible") return words;
  if (verdict === "excluded_until") return t("verdict.with", { words, detail: desk.when(detail) });
  if (verdict === "not_free") {
    const those = detail.split(", ").map((/** @type {string} */ code) => inWords(t, "verdict", code));
    return t("verdict.with", { words, detail: new Intl.ListFormat(desk.i18n.language.value, { type: "disjunction" }).format(those) });
  }
  if (verdict === "head_start_of_another" || verdict === "another_first") return t("verdict.with", { words, detail: desk.agentName(detail) });
  if (verdict !== "skill_missing") return t("verdict.with", { words, detail });
  const [skill = "", level = ""] = detail.split(":");
  return t("verdict.with", { words, detail: t("why.need", { skill: skillName(desk, skill), level }) });
}

/** @param {import("./desk.mjs").Desk} desk @param {string} skill */
export const skillName = (desk, skill) => desk.state.me.value.skill_names[skill] ?? skill;
