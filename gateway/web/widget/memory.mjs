/** What the page remembers between visits. Where the browser forbids storage, it remembers until it is closed. */

/** @type {Map<string, string>} */
const fallback = new Map();

/** @param {string} key @returns {string} empty when nothing is remembered */
export function recall(key) {
  try {
    return localStorage.getItem(key) ?? fallback.get(key) ?? "";
  } catch {
    return fallback.get(key) ?? "";
  }
}

/** @param {string} key @param {string} value empty forgets */
export function remember(key, value) {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
    fallback.delete(key);
  } catch {
    fallback.set(key, value);
  }
}
