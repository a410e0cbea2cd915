/**
 * The visit: the one place that talks to the server. It keeps the token, the messages and where things stand as signals;
 * the screen reads them and calls the verbs below.
 */

import { batch, computed, effect, signal } from "/web/shared/html.mjs";
import { openSocket } from "/web/shared/socket.mjs";
import { createAbout } from "./about.mjs";
import { createFiles } from "./files.mjs";
import { forgetAll, recall, remember } from "./memory.mjs";
import { newClientId, openOutbox } from "./outbox.mjs";
import { createQueue } from "./queue.mjs";
import { createSound } from "./sound.mjs";
import { joinTabs } from "./tabs.mjs";
import { confirmed, firstSeq, isTheirs, lastSeq, ours, readByThem, withChange, withMessage } from "./thread.mjs";

const TYPING_EVERY = 3_000;
const TYPING_LASTS = 6_000;
const FRESH = 60_000;
const TRY_LATER = ["slow_down", "unavailable"];
const NOT_HERE = 4404;
const NO_STATUS = {
  state: "none",
  open: true,
  next_open: null,
  position: null,
  wait: null,
  agent: "",
  seen_seq: 0,
  read_seq: 0,
  rating: /** @type {{stars: number, text: string} | null} */ (null),
};

/** @typedef {import("./thread.mjs").Message} Message */
/** @typedef {ReturnType<typeof createVisit>} Visit */

/** Have the browser keep the file behind a link of ours. @param {string} url */
function save(url) {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}

/**
 * @param {object} options
 * @param {string} options.place what the keys in the memory begin with
 * @param {() => string} options.language
 * @param {(event: string, detail?: any) => void} options.onEvent what the page around us may hear
 * @param {readonly string[]} options.kinds the kinds of file that may be sent
 * @param {() => void} options.onSecret who we are for the server has changed
 */
export function createVisit({ place, language, kinds, onEvent, onSecret }) {
  const tabs = joinTabs(place);
  const outbox = openOutbox(`${place}unsent`);
  const sound = createSound(`${place}muted`, tabs);
  const messages = signal(/** @type {Message[]} */ ([]));
  const status = signal(NO_STATUS);
  const typing = signal(/** @type {{name: string} | null} */ (null));
  const isVisible = signal(false);
  const isReady = signal(false);
  const isGone = signal(false);
  const isLost = signal(false); // from the break until we are known again, however often it is tried
  const isEnded = signal(false);
  const seenSeq = signal(0);
  const unread = computed(
    () => messages.value.filter((message) => isTheirs(message) && message.seq > seenSeq.value).length,
  );
  const readSeq = computed(() => Math.max(status.value.read_seq, readByThem(messages.value)));
  const isAsked = signal(false);
  const hasOlder = signal(false);
  const presence = computed(() => {
    if (isLost.value || !isReady.value) return "offline";
    return status.value.open || status.value.agent ? "online" : "away";
  });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typingEnds;
  let typedAt = 0;
  /** The secret with which this line said hello. */
  let helloToken = "";
  /** The secret of the one whose messages are shown. */
  let shownFor = "";
  let isGreeting = false;
  /** @type {{stars: number, text: string} | null} */
  let unsentRating = null;
  let isEnding = false;

  const socket = openSocket({
    url: "ws",
    hello: () => {
      helloToken = recall(`${place}token`);
      isGreeting = true;
      return { type: "hello", token: helloToken, language: language(), ...about.hello() };
    },
    ping: () => ({ type: "ping" }),
    onFrame: hear,
    final: [NOT_HERE],
    onFinal: () => {
      isGone.value = true;
    },
  });

  const about = createAbout(place, (frame) => isReady.value && socket.send(frame));
  const queue = createQueue({
    outbox,
    send: (frame) => isReady.value && socket.send(frame),
    onSilence: () => socket.state.value === "open" && socket.redial(),
    onEmpty: sayEnd,
  });
  const files = createFiles({ messages, outbox, queue, token: () => recall(`${place}token`), kinds, fail });
  isAsked.value = about.isAnswered();
  effect(() => {
    if (socket.state.value === "waiting" || socket.state.value === "closed") isLost.value = true;
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
      case "earlier":
        return prepend(frame);
      case "transcript":
        return save(frame.url);
      case "resync":
        messages.value = messages.value.filter((message) => message.seq === 0);
        socket.send({ type: "resume", seq: 0 });
    }
  }

  /** We are somebody: as the hello said, or as another after we were identified or said good-bye. @param {any} frame */
  function welcome(frame) {
    const kept = recall(`${place}token`);
    if (kept && kept !== helloToken) {
      socket.redial(); // another page was told meanwhile who we are: that holds
      return;
    }
    const isOther = shownFor !== frame.token;
    const isGreeted = isGreeting; // else it answers to who we are, or that we go
    isGreeting = false;
    if (!isGreeted) about.accepted();
    remember(`${place}token`, frame.token);
    helloToken = shownFor = frame.token;
    socket.settle();
    batch(() => {
      if (isOther) {
        messages.value = messages.value.filter((message) => message.seq === 0);
        seenSeq.value = 0;
        typing.value = null;
      }
      isReady.value = true;
      isLost.value = false;
      stand(frame.status);
    });
    socket.send({ type: "resume", seq: lastSeq(messages.value) });
    showUnsent();
    if (isGreeted) about.identifyNow();
    queue.restart();
    if (unsentRating) rate(unsentRating.stars, unsentRating.text);
    if (isOther) onSecret();
  }

  /** Show what is still to be sent, of other pages of this browser too. */
  function showUnsent() {
    for (const entry of outbox.all()) {
      if (!messages.value.some((message) => message.client_id === entry.client_id)) offer(entry);
    }
  }

  /** Show an unsent message, and send it in its turn. @param {import("./outbox.mjs").Unsent} entry */
  function offer(entry) {
    const parts =
      entry.type === "choose"
        ? [{ kind: "choice", value: entry.value, label: entry.label }]
        : [...(entry.text ? [{ kind: "text", text: entry.text }] : []), ...(entry.parts ?? [])];
    messages.value = withMessage(messages.value, ours(entry.client_id, entry.at, parts));
  }

  /** @param {{client_id: string, id: string, seq: number, at: string}} ack */
  function confirm({ client_id, id, seq, at }) {
    messages.value = withChange(messages.value, client_id, { id, seq, at, state: "sent", problem: "" });
    onEvent("message:sent", { id });
    queue.settle(client_id);
  }

  /** @param {string} clientId @param {string} problem */
  function fail(clientId, problem) {
    messages.value = withChange(messages.value, clientId, { state: "failed", problem, progress: undefined });
    queue.fail(clientId);
  }

  /** @param {any} frame */
  function show(frame) {
    if (frame.client_id) queue.settle(frame.client_id);
    const isNew = frame.seq > lastSeq(messages.value);
    const message = confirmed(frame);
    messages.value = withMessage(messages.value, message);
    if (firstSeq(messages.value) === frame.seq) hasOlder.value = frame.seq > 1;
    if (isTheirs(message)) typing.value = null;
    if (isNew && isTheirs(message)) {
      onEvent("message:received", { id: message.id });
      const isFresh = Date.now() - Date.parse(message.at) < FRESH;
      if (isFresh && !(isVisible.value && document.hasFocus())) sound.play(message.id);
    }
    see();
  }

  /** @param {any} frame */
  function prepend(frame) {
    batch(() => {
      for (const earlier of frame.messages) messages.value = withMessage(messages.value, confirmed(earlier));
      hasOlder.value = !frame.is_all;
    });
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
    if (client_id && TRY_LATER.includes(code)) return queue.postpone(client_id);
    if (code === "not_identified" && about.isKnownAs()) return; // an old proof of what is proven
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
    isEnding = false; // who writes on does not leave
    outbox.add(entry);
    typedAt = 0;
    isEnded.value = false;
    offer(entry);
    queue.pump();
    tabs.tell({ type: "unsent", entry });
  }

  /** Try a failed message again. @param {string} clientId */
  function retry(clientId) {
    if (files.retry(clientId)) return;
    const entry = outbox.all().find((other) => other.client_id === clientId);
    if (!entry) return;
    offer(entry);
    queue.retry(clientId);
  }

  /** Give a failed message up. @param {string} clientId */
  function discard(clientId) {
    files.drop(clientId);
    remove(clientId);
    tabs.tell({ type: "discarded", client_id: clientId });
  }

  /** @param {string} clientId */
  function remove(clientId) {
    messages.value = messages.value.filter((message) => message.client_id !== clientId);
    queue.settle(clientId);
  }

  function type() {
    const now = Date.now();
    if (now - typedAt < TYPING_EVERY) return;
    typedAt = now;
    socket.send({ type: "typing" });
  }

  /** It is over for the contact: said behind what was written before, and once there is a line. */
  function end() {
    isEnding = true;
    queue.pump();
  }

  function sayEnd() {
    if (isEnding && isReady.value && socket.send({ type: "end" })) isEnding = false;
  }

  /** @param {number} stars @param {string} text */
  function rate(stars, text) {
    const isSent = isReady.value && socket.send({ type: "rate", stars, text });
    unsentRating = isSent ? null : { stars, text };
    status.value = { ...status.value, rating: { stars, text } };
    if (isSent) onEvent("csat", { stars, text });
  }

  /** @param {Record<string, string>} given */
  function answer(given) {
    about.answer(given);
    isAsked.value = true;
    tabs.tell({ type: "asked" });
    onEvent("prechat", { answers: given });
  }

  /** Another person begins here: nothing of the one before stays. */
  function logout() {
    about.forget();
    for (const entry of outbox.all()) outbox.strike(entry.client_id);
    batch(() => {
      messages.value = [];
      isEnded.value = false;
      isAsked.value = false;
    });
    remember(`${place}draft`, "");
    if (!isReady.value || !socket.send({ type: "logout" })) {
      remember(`${place}token`, ""); // nobody to tell: the secret is thrown away
      socket.redial();
    }
  }

  /** The visitor does not agree: nothing is kept. */
  function forget() {
    logout();
    forgetAll(place);
    socket.close();
  }

  tabs.listen((word) => {
    if (word.type === "unsent" && word.entry) {
      outbox.add(word.entry); // the storage of another page may not have come through yet
      showUnsent();
      queue.pump();
    }
    if (word.type === "discarded") remove(word.client_id ?? "");
    if (word.type === "asked") isAsked.value = true;
  });
  addEventListener("storage", (event) => {
    // Another page of this browser was given the token that this one lacks, or a new one: join it.
    if (event.key === `${place}token` && event.newValue && event.newValue !== helloToken) socket.redial();
  });
  document.addEventListener("visibilitychange", see);
  showUnsent();

  return Object.freeze({
    messages,
    status,
    typing,
    unread,
    readSeq,
    presence,
    hasOlder,
    isAsked,
    isEnded,
    isGone,
    isLost,
    isReady,
    connection: socket.state,
    retryNow: socket.retryNow,
    send: (/** @type {string} */ text) => say({ text }),
    choose: (/** @type {string} */ value, /** @type {string} */ label) => say({ type: "choose", value, label }),
    end,
    sendFile: files.send,
    kinds,
    retry,
    discard,
    type,
    rate,
    answer,
    logout,
    forget,
    sound,
    older: () => socket.send({ type: "older", seq: firstSeq(messages.value) }),
    wantTranscript: () => socket.send({ type: "transcript", zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "" }),
    begin: about.begin,
    /** What the page around us has said, for a window that goes on without it. */
    told: about.told,
    /** Who we are was changed in the memory: go on as that. */
    rejoin: () => recall(`${place}token`) !== helloToken && socket.redial(),
    identify: about.identify,
    change: about.change,
    setContext: about.situate,
    speaks: () => isReady.value && socket.send({ type: "context", language: language() }),
    /** Whether the chat is open in front of the contact. @param {boolean} visible */
    setVisible: (visible) => {
      isVisible.value = visible;
      see();
    },
    draft: {
      read: () => recall(`${place}draft`),
      write: (/** @type {string} */ text) => {
        remember(`${place}draft`, text);
        tabs.tell({ type: "draft", text });
      },
    },
    /** Somebody writes in another page of this browser. @param {(text: string) => void} listener */
    onDraft: (listener) => tabs.listen((word) => word.type === "draft" && listener(word.text ?? "")),
  });
}
