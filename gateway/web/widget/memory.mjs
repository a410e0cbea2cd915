/** What the page remembers between visits. Where the browser, or the visitor, forbids it, it remembers until it is closed. */

/** @type {Map<string, string>} */
const fallback = new Map();
let mayKeep = true;

/** @param {string} key @returns {string} empty when nothing is remembered */
export function recall(key) {
  try {
    return fallback.get(key) ?? localStorage.getItem(key) ?? "";
  } catch {
    return fallback.get(key) ?? "";
  }
}

/** @param {string} key @param {string} value empty forgets */
export function remember(key, value) {
  try {
    if (!value) localStorage.removeItem(key);
    else if (mayKeep) localStorage.setItem(key, value);
    if (value && !mayKeep) fallback.set(key, value);
    else fallback.delete(key);
  } catch {
    fallback.set(key, value);
  }
}

/** Forget everything of this place, and keep nothing from now on. @param {string} place what the keys begin with */
export function forgetAll(place) {
  mayKeep = false;
  for (const key of [...fallback.keys()]) if (key.startsWith(place)) fallback.delete(key);
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(place)) localStorage.removeItem(key);
  } catch {
    // there was never anything
  }
}
