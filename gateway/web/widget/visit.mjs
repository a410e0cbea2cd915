/**
 * The visit: the one place that talks to the server. It keeps the token, the messages and where things stand as signals;
 * the screen reads them and calls the verbs below.
 */

import { batch, computed, signal } from "/web/shared/html.mjs";
import { openSocket } from "/web/shared/socket.mjs";
import { recall, remember } from "./memory.mjs";
import { newClientId, openOutbox } from "./outbox.mjs";
import { isTheirs, lastSeq, withChange, withMessage } from "./thread.mjs";
import { UploadRefused, problemOf, upload } from "./uploads.mjs";

const TYPING_EVERY = 3_000;
const TYPING_LASTS = 6_000;
const ACK_WITHIN = 15_000;
const TRY_LATER = ["slow_down", "unavailable"];
const LATER = 2_000;
const NOT_HERE = 4404;
const NO_STATUS = { state: "none", open: true, next_open: null, position: null, wait: null, agent: "", seen_seq: 0 };

/** @typedef {import("./thread.mjs").Message} Message */
/** @typedef {ReturnType<typeof createVisit>} Visit */

/**
 * @param {object} options
 * @param {string} options.inbox
 * @param {() => string} options.language
 * @param {(event: string, detail?: any) => void} options.onEvent what the page around us may hear
 */
export function createVisit({ inbox, language, onEvent }) {
  const place = `pointsman:${inbox}:`;
  const outbox = openOutbox(`${place}unsent`);
  const messages = signal(/** @type {Message[]} */ ([]));
  const status = signal(NO_STATUS);
  const typing = signal(/** @type {{name: string} | null} */ (null));
  const isVisible = signal(false);
  const isReady = signal(false);
  const isGone = signal(false);
  const isEnded = signal(false);
  const seenSeq = signal(0);
  const unread = computed(
    () => messages.value.filter((message) => isTheirs(message) && message.seq > seenSeq.value).length,
  );
  /** @type {Record<string, string>} */
  let context = {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typingEnds;
  let typedAt = 0;
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  const patience = new Map();
  /** Files on their way up, by client id: they cannot outlive the page. @type {Map<string, File>} */
  const files = new Map();

  const socket = openSocket({
    url: "ws",
    hello: () => ({ type: "hello", token: recall(`${place}token`), language: language(), context }),
    ping: () => ({ type: "ping" }),
    onFrame: hear,
    final: [NOT_HERE],
    onFinal: () => {
      isGone.value = true;
    },
  });

  /** @param {any} frame */
  function hear(frame) {
    switch (frame.type) {
      case "welcome":
        return welcome(frame);
      case "ack":
        return confirm(frame);
      case "message":
        return show(frame);
      case "edited":
        messages.value = messages.value.map((message) =>
          message.id === frame.id ? { ...message, parts: frame.parts, is_edited: true } : message,
        );
        return;
      case "typing":
        typing.value = { name: frame.name };
        clearTimeout(typingEnds);
        typingEnds = setTimeout(() => (typing.value = null), TYPING_LASTS);
        return onEvent("typing", { name: frame.name });
      case "status":
        return stand(frame);
      case "error":
        return refuse(frame);
      case "resync":
        messages.value = messages.value.filter((message) => message.seq === 0);
        socket.send({ type: "resume", seq: 0 });
    }
  }

  /** @param {any} frame */
  function welcome(frame) {
    const isOther = recall(`${place}token`) !== frame.token;
    remember(`${place}token`, frame.token);
    socket.settle();
    batch(() => {
      if (isOther) messages.value = messages.value.filter((message) => message.seq === 0);
      isReady.value = true;
      stand(frame.status);
    });
    socket.send({ type: "resume", seq: lastSeq(messages.value) });
    for (const entry of outbox.all()) offer(entry);
  }

  /** Show an unsent message and send it if there is a line. @param {import("./outbox.mjs").Unsent} entry */
  function offer(entry) {
    const parts =
      entry.type === "choose"
        ? [{ kind: "choice", value: entry.value, label: entry.label }]
        : [...(entry.text ? [{ kind: "text", text: entry.text }] : []), ...(entry.parts ?? [])];
    messages.value = withMessage(messages.value, {
      key: entry.client_id,
      id: "",
      seq: 0,
      at: entry.at,
      author: { kind: "contact", name: "" },
      parts,
      client_id: entry.client_id,
      state: "sending",
      problem: "",
    });
    transmit(entry);
  }

  /** @param {import("./outbox.mjs").Unsent} entry */
  function transmit({ at, ...frame }) {
    if (!isReady.value || !socket.send(frame)) return;
    clearTimeout(patience.get(frame.client_id));
    patience.set(
      frame.client_id,
      setTimeout(() => socket.state.value === "open" && socket.redial(), ACK_WITHIN), // the line may be dead: dial and send again
    );
  }

  /** @param {string} clientId */
  function settle(clientId) {
    clearTimeout(patience.get(clientId));
    patience.delete(clientId);
    outbox.strike(clientId);
  }

  /** @param {{client_id: string, id: string, seq: number, at: string}} ack */
  function confirm({ client_id, id, seq, at }) {
    settle(client_id);
    messages.value = withChange(messages.value, client_id, { id, seq, at, state: "sent", problem: "" });
    onEvent("message:sent", { id });
  }

  /** @param {string} clientId @param {string} problem */
  function fail(clientId, problem) {
    clearTimeout(patience.get(clientId));
    patience.delete(clientId);
    messages.value = withChange(messages.value, clientId, { state: "failed", problem, progress: undefined });
  }

  /** @param {any} frame */
  function show(frame) {
    if (frame.client_id) settle(frame.client_id);
    const isNew = frame.seq > lastSeq(messages.value);
    const message = { ...frame, key: frame.client_id || frame.id, client_id: frame.client_id ?? "", state: "sent" };
    messages.value = withMessage(messages.value, message);
    if (isTheirs(message)) typing.value = null;
    if (isNew && isTheirs(message)) onEvent("message:received", { id: message.id });
    see();
  }

  /** @param {any} frame */
  function stand({ type, ...frame }) {
    const before = status.value;
    batch(() => {
      status.value = { ...NO_STATUS, ...frame };
      seenSeq.value = Math.max(seenSeq.value, frame.seen_seq ?? 0);
      const isOver = frame.state === "none" && (isEnded.peek() || before.state !== "none");
      isEnded.value = isOver || frame.state === "wrapping";
    });
    if (frame.position && frame.position !== before.position) onEvent("queue", { position: frame.position, wait: frame.wait });
    if (frame.agent && frame.agent !== before.agent) onEvent("assigned", { name: frame.agent });
    if (isEnded.value && before.state !== frame.state && before.state !== "none") onEvent("ended");
  }

  /** @param {{code: string, message: string, client_id?: string}} frame */
  function refuse({ code, message, client_id }) {
    if (client_id && TRY_LATER.includes(code)) {
      const entry = outbox.all().find((other) => other.client_id === client_id);
      if (entry) setTimeout(() => transmit(entry), LATER);
      return;
    }
    if (client_id) fail(client_id, "error.refused");
    onEvent("error", { code, message });
  }

  /** Everything that is before the contact's eyes counts as seen. */
  function see() {
    if (!isVisible.value || document.visibilityState !== "visible" || unread.value === 0) return;
    seenSeq.value = lastSeq(messages.value);
    socket.send({ type: "seen", seq: seenSeq.value });
  }

  /** @param {Partial<import("./outbox.mjs").Unsent>} what */
  function say(what) {
    const entry = /** @type {import("./outbox.mjs").Unsent} */ ({
      client_id: newClientId(),
      at: new Date().toISOString(),
      type: "send",
      ...what,
    });
    outbox.add(entry);
    typedAt = 0;
    offer(entry);
  }

  /** Send a file: it is shown at once, with its progress. @param {File} file @param {string} [clientId] of an earlier try */
  async function sendFile(file, clientId = newClientId()) {
    const kind = file.type.startsWith("image/") && file.type !== "image/svg+xml" ? "image" : "file";
    const preview = kind === "image" ? URL.createObjectURL(file) : "";
    const part = { kind, name: file.name, size: file.size, mime: file.type, url: preview };
    files.set(clientId, file);
    messages.value = withMessage(messages.value, {
      key: clientId,
      id: "",
      seq: 0,
      at: new Date().toISOString(),
      author: { kind: "contact", name: "" },
      parts: [part],
      client_id: clientId,
      state: "sending",
      progress: 0,
      problem: "",
    });
    try {
      const problem = problemOf(file);
      if (problem) throw new UploadRefused(problem);
      const stored = await upload("uploads", recall(`${place}token`), file, (progress) => {
        messages.value = withChange(messages.value, clientId, { progress });
      });
      files.delete(clientId);
      const { id, kind: storedKind, name, mime, size, url } = stored;
      const parts = [{ kind: storedKind, media: id, name, mime, size, url }];
      const entry = { client_id: clientId, at: new Date().toISOString(), type: /** @type {const} */ ("send"), parts };
      outbox.add(entry);
      messages.value = withChange(messages.value, clientId, { parts, progress: undefined });
      transmit(entry);
    } catch (error) {
      fail(clientId, `error.${error instanceof UploadRefused ? error.code : "upload"}`);
    }
  }

  /** Try a failed message again. @param {string} clientId */
  function retry(clientId) {
    const file = files.get(clientId);
    if (file) return void sendFile(file, clientId);
    const entry = outbox.all().find((other) => other.client_id === clientId);
    if (entry) offer(entry);
  }

  /** Give a failed message up. @param {string} clientId */
  function discard(clientId) {
    outbox.strike(clientId);
    files.delete(clientId);
    messages.value = messages.value.filter((message) => message.client_id !== clientId);
  }

  function type() {
    const now = Date.now();
    if (now - typedAt < TYPING_EVERY) return;
    typedAt = now;
    socket.send({ type: "typing" });
  }

  /** @param {Record<string, string>} more */
  function setContext(more) {
    context = { ...context, ...more };
    socket.send({ type: "context", context, language: language() });
  }

  addEventListener("storage", (event) => {
    // Another page of this browser was given the token that this one lacks, or a new one: join it.
    if (event.key === `${place}token` && event.newValue) socket.redial();
  });
  document.addEventListener("visibilitychange", see);

  return Object.freeze({
    messages,
    status,
    typing,
    unread,
    isEnded,
    isGone,
    isReady,
    connection: socket.state,
    retryNow: socket.retryNow,
    send: (/** @type {string} */ text) => say({ text }),
    choose: (/** @type {string} */ value, /** @type {string} */ label) => say({ type: "choose", value, label }),
    end: () => socket.send({ type: "end" }),
    sendFile,
    retry,
    discard,
    type,
    setContext,
    /** Whether the chat is open in front of the contact. @param {boolean} visible */
    setVisible: (visible) => {
      isVisible.value = visible;
      see();
    },
    draft: {
      read: () => recall(`${place}draft`),
      write: (/** @type {string} */ text) => remember(`${place}draft`, text),
    },
  });
}
