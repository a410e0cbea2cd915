/** The administrator's calls. Files that are named replace those in force; everything else asks about the running service. */

import { createCall, demoLogins } from "/desk/api.mjs";

/** @typedef {Record<string, string>} Files texts by the files' names */

/** @param {() => void} onLost called when the session has ended */
export function createApi(onLost) {
  const call = createCall(onLost);
  const at = (/** @type {string} */ id) => encodeURIComponent(id);

  return Object.freeze({
    logIn: (/** @type {string} */ login, /** @type {string} */ password) => call("POST", "/sessions", { login, password }),
    logOut: () => call("DELETE", "/sessions/current"),
    me: () => call("GET", "/me"),
    routing: () => call("GET", "/routing"),
    schemas: () => call("GET", "/routing/schemas"),
    check: (/** @type {Files} */ files) => call("POST", "/routing/check", { files }),
    explain: (/** @type {object} */ trial, /** @type {Files} */ files) => call("POST", "/routing/explain", { ...trial, files }),
    diff: (/** @type {Files} */ files, /** @type {number} */ base) => call("POST", "/routing/diff", { files, base }),
    simulate: (/** @type {Files} */ files, /** @type {object} */ how) => call("POST", "/routing/simulate", { ...how, files }),
    coverage: (/** @type {Files} */ files) => call("POST", "/routing/coverage", { files }),
    apply: (/** @type {Files} */ files, /** @type {string} */ message, /** @type {number} */ base) =>
      call("POST", "/routing/apply", { files, message, base }),
    versions: (after = "") => call("GET", `/routing/versions?${new URLSearchParams({ limit: "50", ...(after ? { after } : {}) })}`),
    version: (/** @type {number | string} */ number) => call("GET", `/routing/versions/${at(String(number))}`),
    rollBack: (/** @type {number} */ version) => call("POST", "/routing/rollback", { version }),
    inboxes: () => call("GET", "/inboxes"),
    groups: () => call("GET", "/groups"),
    agents: () => call("GET", "/agents"),
    invite: (/** @type {string} */ id) => call("POST", `/agents/${at(id)}/invitation`, {}),
    misses: (/** @type {string} */ id, after = "") => call("GET", `/bots/${at(id)}/misses?${new URLSearchParams({ limit: "50", ...(after ? { after } : {}) })}`),
    demoLogins,
  });
}

/** @typedef {ReturnType<typeof createApi>} Api */
