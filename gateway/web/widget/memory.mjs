/** What the page remembers between visits. Where the browser, or the visitor, forbids it, it remembers until it is closed. */

/** @type {Map<string, string>} */
const fallback = new Map();
const APART = "pointsman:apart";
let mayKeep = true;

/** A window that goes on with the memory of another place keeps it for itself, as long as it is open. */
function shelf() {
  return sessionStorage.getItem(APART) ? sessionStorage : localStorage;
}

/** @param {string} key @returns {string} empty when nothing is remembered */
export function recall(key) {
  try {
    return fallback.get(key) ?? shelf().getItem(key) ?? "";
  } catch {
    return fallback.get(key) ?? "";
  }
}

/** @param {string} key @param {string} value empty forgets */
export function remember(key, value) {
  try {
    if (!value) shelf().removeItem(key);
    else if (mayKeep) shelf().setItem(key, value);
    if (value && !mayKeep) fallback.set(key, value);
    else fallback.delete(key);
  } catch {
    fallback.set(key, value);
  }
}

/** Everything of this place. @param {string} place what the keys begin with @returns {Record<string, string>} */
export function recallAll(place) {
  const found = new Map(fallback);
  try {
    for (const [key, value] of Object.entries(shelf())) if (!found.has(key)) found.set(key, value);
  } catch {
    // there is only what we have ourselves
  }
  return Object.fromEntries([...found].filter(([key]) => key.startsWith(place)));
}

/** Go on with what another place remembers, apart from what is kept here. @param {Record<string, string>} kept */
export function adopt(kept) {
  try {
    sessionStorage.setItem(APART, "yes");
  } catch {
    // then it is kept until the window is closed
  }
  for (const [key, value] of Object.entries(kept)) remember(key, value);
}

/** Forget everything of this place, and keep nothing from now on. @param {string} place what the keys begin with */
export function forgetAll(place) {
  mayKeep = false;
  for (const key of [...fallback.keys()]) if (key.startsWith(place)) fallback.delete(key);
  try {
    for (const key of Object.keys(shelf())) if (key.startsWith(place)) shelf().removeItem(key);
  } catch {
    // there was never anything
  }
}
