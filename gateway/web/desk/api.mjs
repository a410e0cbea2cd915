/** The REST interface as functions: JSON in, JSON out, and every refusal a `Problem` that a catalogue has words for. */

import { inWords } from "./reasons.mjs";

const ROOT = "/api/v1";

/** A refusal (RFC 9457), or no answer at all (`kind` "offline"). */
export class Problem extends Error {
  /** @param {number} status 0 without an answer @param {string} kind the last word of the problem's type @param {any} [details] */
  constructor(status, kind, details = {}) {
    super(details.detail || kind);
    this.status = status;
    this.kind = kind;
    /** @type {{kind: string, id: string, name: string} | null} who has the conversation now */
    this.owner = details.owner ?? null;
    /** @type {string} */
    this.detail = details.detail ?? "";
    /** @type {any} the problem's members, as they came */
    this.more = details;
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get isPassing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** For kinds without words of their own. @type {Record<number, string>} */
const BY_STATUS = { 401: "wrong-credentials", 403: "forbidden", 404: "not-found", 413: "too-large", 415: "unsupported-media-type", 422: "invalid", 429: "too-many-attempts" };
const TAKEN = Object.freeze(["not-owner", "offer-gone", "illegal-transition"]);

/**
 * A problem in the reader's words. One that the catalogue does not know is said by its status, never shown raw.
 *
 * @param {unknown} error
 * @param {(key: string, values?: any) => string} t
 */
export function problemInWords(error, t) {
  if (!(error instanceof Problem)) return t("problem.unknown");
  if (TAKEN.includes(error.kind) && error.owner) {
    const name = error.owner.name || error.owner.id;
    return t(error.owner.kind === "queue" ? "problem.queued" : "problem.owned", { name });
  }
  return inWords(t, "problem", error.kind, t(`problem.${BY_STATUS[error.status] ?? "unknown"}`));
}

/** @param {Response} answer */
async function problemOf(answer) {
  /** @type {any} */
  let details = {};
  try {
    details = await answer.json();
  } catch {
    // an answer from something between us and the server: its status is all that we know
  }
  return new Problem(answer.status, String(details.type ?? "").split(":").pop() || "other", details);
}

/**
 * One call of the interface as a function. `onLost` is called when the session has ended.
 *
 * @param {() => void} onLost
 */
export function createCall(onLost) {
  /** @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  return async function call(method, path, body) {
    /** @type {Response} */
    let answer;
    try {
      const headers = body === undefined ? undefined : { "Content-Type": "application/json" };
      answer = await fetch(ROOT + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store" });
    } catch {
      throw new Problem(0, "offline");
    }
    if (answer.status === 204) return null;
    if (answer.ok) return answer.json();
    if (answer.status === 401 && path !== "/sessions") onLost();
    throw await problemOf(answer);
  };
}

/** The demo's logins; nothing when this is not the demo. @returns {Promise<{login: string, name: string, password: string}[]>} */
export async function demoLogins() {
  try {
    const answer = await fetch("/demo/facts");
    return answer.ok ? ((await answer.json()).logins ?? []) : [];
  } catch {
    return [];
  }
}

/**
 * The desk's calls. `onLost` is called when the session has ended.
 *
 * @param {() => void} onLost
 */
export function createApi(onLost) {
  const call = createCall(onLost);

  /**
   * Send a file up, with its progress between 0 and 1.
   *
   * @param {File} file @param {(fraction: number) => void} onProgress @returns {Promise<any>}
   */
  function upload(file, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch cannot tell how much has gone up
      const form = new FormData();
      form.append("file", file, file.name);
      request.open("POST", `${ROOT}/media`);
      request.responseType = "json";
      request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
      request.onload = () => {
        if (request.status < 300) return resolve(request.response);
        const details = request.response ?? {};
        return reject(new Problem(request.status, String(details.type ?? "").split(":").pop() || "other", details));
      };
      request.onerror = () => reject(new Problem(0, "offline"));
      request.send(form);
    });
  }

  const at = (/** @type {string} */ id) => `/conversations/${encodeURIComponent(id)}`;
  const of = (/** @type {MessageRef} */ { conversation, id }) => `${at(conversation)}/messages/${encodeURIComponent(id)}`;

  return Object.freeze({
    logIn: (/** @type {string} */ login, /** @type {string} */ password) => call("POST", "/sessions", { login, password }),
    logOut: () => call("DELETE", "/sessions/current"),
    me: () => call("GET", "/me"),
    /** @param {string} intent @param {string} reason @param {string[]} channels */
    setPresence: (intent, reason, channels) => call("PUT", "/me/presence", { intent, reason, channels }),
    conversations: (/** @type {string} */ scope, after = "") =>
      call("GET", `/conversations?${new URLSearchParams({ scope, limit: "100", ...(after ? { after } : {}) })}`),
    conversation: (/** @type {string} */ id) => call("GET", at(id)),
    messages: (/** @type {string} */ id, /** @type {Record<string, string>} */ query) => call("GET", `${at(id)}/messages?${new URLSearchParams(query)}`),
    send: (/** @type {string} */ id, /** @type {object} */ draft) => call("POST", `${at(id)}/messages`, draft),
    prepared: (/** @type {string} */ id) => call("GET", `${at(id)}/replies`),
    preview: (/** @type {string} */ id, /** @type {{text: string, parts: any[]}} */ sketch) => call("POST", `${at(id)}/preview`, sketch),
    resend: (/** @type {MessageRef} */ message) => call("POST", `${of(message)}/resend`),
    arrived: (/** @type {MessageRef} */ message) => call("POST", `${of(message)}/arrived`),
    reword: (/** @type {MessageRef} */ message, /** @type {{text: string, epoch: number}} */ change) => call("PATCH", of(message), change),
    /** @param {string} id @param {"accept" | "decline" | "assign" | "transfer" | "park" | "resume" | "resolve" | "reopen" | "tags" | "extend" | "promise" | "take-over" | "return" | "requeue"} verb @param {object} [body] */
    act: (id, verb, body = {}) => call("POST", `${at(id)}/${verb}`, body),
    trace: (/** @type {string} */ id) => call("GET", `${at(id)}/trace`),
    everybody: (/** @type {string} */ id, /** @type {string} */ trace) => call("GET", `${at(id)}/trace/${encodeURIComponent(trace)}/candidates`),
    whyNothing: (/** @type {string} */ agent) => call("GET", `/agents/${encodeURIComponent(agent)}/why?since=1h`),
    groups: () => call("GET", "/groups"),
    queues: () => call("GET", "/queues"),
    /** @param {string} group @param {{open: boolean, until: string, reason: string}} decision */
    overrideHours: (group, decision) => call("POST", `/groups/${encodeURIComponent(group)}/hours-override`, decision),
    takeHoursBack: (/** @type {string} */ group) => call("DELETE", `/groups/${encodeURIComponent(group)}/hours-override`),
    /** @param {string} group @param {{reason: string, until?: string}} pause */
    pauseQueue: (group, pause) => call("POST", `/groups/${encodeURIComponent(group)}/pause`, pause),
    addressGroup: (/** @type {string} */ group, /** @type {string} */ text) => call("POST", `/groups/${encodeURIComponent(group)}/announcement`, { text }),
    resumeQueue: (/** @type {string} */ group) => call("DELETE", `/groups/${encodeURIComponent(group)}/pause`),
    agents: () => call("GET", "/agents"),
    contact: (/** @type {string} */ id) => call("GET", `/contacts/${encodeURIComponent(id)}`),
    changeContact: (/** @type {string} */ id, /** @type {object} */ change) => call("PATCH", `/contacts/${encodeURIComponent(id)}`, change),
    mergeContacts: (/** @type {string} */ id, /** @type {object} */ choice) => call("POST", `/contacts/${encodeURIComponent(id)}/merge`, choice),
    splitContacts: (/** @type {string} */ id, /** @type {string} */ merge) => call("POST", `/contacts/${encodeURIComponent(id)}/split`, { merge }),
    upload,
    demoLogins,
  });
}

/** @typedef {ReturnType<typeof createApi>} Api */
/** @typedef {{conversation: string, id: string}} MessageRef */
