/** What the desk keeps on this device: drafts, what was read, settings. Where storage is forbidden, until it is closed. */

/** @type {Map<string, string>} */
const fallback = new Map();
const PREFIX = "pointsman.desk.";

/** @param {string} key @returns {string} empty when nothing is kept */
export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key) ?? "";
  } catch {
    return fallback.get(key) ?? "";
  }
}

/** @param {string} key @param {string} value empty forgets */
export function keep(key, value) {
  try {
    if (value) localStorage.setItem(PREFIX + key, value);
    else localStorage.removeItem(PREFIX + key);
  } catch {
    fallback.set(key, value);
  }
}

/** @template T @param {string} key @param {T} otherwise @returns {T} */
export function recallJson(key, otherwise) {
  try {
    return JSON.parse(recall(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
