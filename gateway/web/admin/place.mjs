/**
 * Where the administrator is, kept in the address: `/admin/` the rules, `/admin/review`, `/admin/versions/{n}`,
 * `/admin/coverage/{group}`, `/admin/inboxes/{id}`, `/admin/agents/{id}`; `?file=` and `?panel=` say what the rules show.
 */

import { signal } from "/web/shared/html.mjs";

export const FILES = Object.freeze(["routing.yaml", "agents.yaml", "inboxes.yaml"]);
export const PAGES = Object.freeze(["rules", "review", "versions", "coverage", "inboxes", "agents"]);
export const PANELS = Object.freeze(["try", "problems"]);

/** @typedef {{page: string, id: string, file: string, panel: string}} Place */

/** @param {URL | Location} url @returns {Place} */
export function readPlace(url) {
  const query = new URLSearchParams(url.search);
  const [, , page = "", id = ""] = url.pathname.split("/");
  const file = query.get("file") ?? "";
  const panel = query.get("panel") ?? "";
  return {
    page: PAGES.includes(page) ? page : "rules",
    id: decodeURIComponent(id),
    file: FILES.includes(file) ? file : FILES[0],
    panel: PANELS.includes(panel) ? panel : PANELS[0],
  };
}

/** @param {Partial<Place>} place */
export function addressOf({ page = "rules", id = "", file = FILES[0], panel = PANELS[0] }) {
  const path = page === "rules" ? "/admin/" : `/admin/${page}${id ? `/${encodeURIComponent(id)}` : ""}`;
  const query = new URLSearchParams();
  if (file !== FILES[0]) query.set("file", file);
  if (panel !== PANELS[0] && page === "rules") query.set("panel", panel);
  return query.size ? `${path}?${query}` : path;
}

/** The place as a signal that follows the address bar. */
export function createPlace() {
  const at = signal(readPlace(location));
  addEventListener("popstate", () => {
    at.value = readPlace(location);
  });

  /** Go elsewhere; what is not named stays, but for the id of another page. @param {Partial<Place>} change @param {{replace?: boolean}} [how] */
  function go(change, { replace = false } = {}) {
    const present = at.peek();
    const next = { ...present, ...(change.page && change.page !== present.page ? { id: "" } : {}), ...change };
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
