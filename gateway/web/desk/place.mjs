/**
 * Where the reader is, kept in the address: every place can be reloaded, shared and gone back from.
 *
 * `/desk/` the list · `/desk/c/{id}` a conversation · `/desk/wallboard` the wallboard; `?list=` says which tab, `?side=`
 * which part stands beside the conversation.
 */

import { signal } from "/web/shared/html.mjs";

export const LISTS = Object.freeze(["mine", "waiting", "mentions", "all"]);
export const SIDES = Object.freeze(["contact", "why"]);

/** @typedef {{name: "list" | "conversation" | "wallboard", id: string, list: string, side: string}} Place */

/** @param {URL | Location} url @returns {Place} */
export function readPlace(url) {
  const query = new URLSearchParams(url.search);
  const list = query.get("list") ?? "";
  const side = query.get("side") ?? "";
  const [, , first, second] = url.pathname.split("/");
  return {
    name: first === "c" && second ? "conversation" : first === "wallboard" ? "wallboard" : "list",
    id: first === "c" && second ? decodeURIComponent(second) : "",
    list: LISTS.includes(list) ? list : "mine",
    side: SIDES.includes(side) ? side : "",
  };
}

/** @param {Place} place */
export function addressOf({ name, id, list, side }) {
  const path = name === "conversation" ? `/desk/c/${encodeURIComponent(id)}` : name === "wallboard" ? "/desk/wallboard" : "/desk/";
  const query = new URLSearchParams();
  if (list !== "mine") query.set("list", list);
  if (side && name === "conversation") query.set("side", side);
  return query.size ? `${path}?${query}` : path;
}

/** The reader's place as a signal that follows the address bar. */
export function createPlace() {
  const at = signal(readPlace(location));
  addEventListener("popstate", () => {
    at.value = readPlace(location);
  });

  /** Go elsewhere; what is not named stays. @param {Partial<Place>} change @param {{replace?: boolean}} [how] */
  function go(change, { replace = false } = {}) {
    const next = { ...at.peek(), ...change };
    const address = addressOf(next);
    if (address !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"](null, "", address);
    at.value = next;
  }

  /** Follow a link without loading the page anew; clicks that ask for a new tab are left alone. @param {MouseEvent} event */
  function follow(event) {
    const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(readPlace(new URL(link.href)));
  }

  return Object.freeze({ at, go, follow });
}
