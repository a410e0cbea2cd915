/** The core's short codes for why, in the reader's words. What a catalogue does not know is shown as the core said it. */

const PICKS = Object.freeze(["longest_idle", "least_loaded", "best_skill", "round_robin"]);
const STICKY = "answered this contact last";

export const VERDICTS = Object.freeze([
  "eligible", "not_in_group", "skill_missing", "full", "away", "draining", "off", "lost", "gone", "missed", "off_shift", "excluded_until", "head_start_of_another",
]);

/** Why this agent and not another, without the figures behind it. @param {string} because @param {(key: string) => string} t */
export function becauseInWords(because, t) {
  if (because === STICKY) return t("because.sticky");
  const pick = PICKS.find((name) => because.startsWith(name));
  return pick ? t(`because.${pick}`) : because;
}

/** Why an agent may or may not. @param {import("./desk.mjs").Desk} desk @param {any} candidate */
export function verdictInWords(desk, { verdict, detail, reasons }) {
  const { t } = desk;
  if (!VERDICTS.includes(verdict)) return reasons[0] ?? verdict;
  const words = t(`verdict.${verdict}`);
  if (!detail || verdict === "eligible") return words;
  if (verdict === "excluded_until") return t("verdict.with", { words, detail: desk.when(detail) });
  if (verdict === "head_start_of_another") return t("verdict.with", { words, detail: desk.agentName(detail) });
  if (verdict !== "skill_missing") return t("verdict.with", { words, detail });
  const [skill = "", level = ""] = detail.split(":");
  return t("verdict.with", { words, detail: t("why.need", { skill: skillName(desk, skill), level }) });
}

/** @param {import("./desk.mjs").Desk} desk @param {string} skill */
export const skillName = (desk, skill) => desk.state.me.value.skill_names?.[skill] ?? skill;
