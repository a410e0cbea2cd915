/**
 * One agent's session: state, feed, outbox and the verbs, put together once after the login. Every part of the screen gets
 * this one object and nothing else.
 */

import { effect, signal } from "/web/shared/html.mjs";
import { problemInWords } from "./api.mjs";
import { createDrafts } from "./drafts.mjs";
import { deliveryInWords, isTroubled } from "./fate.mjs";
import { reasonsInWords } from "./reasons.mjs";
import { openFeed } from "./feed.mjs";
import { withMessages } from "./log.mjs";
import { keep, recallJson } from "./memory.mjs";
import { createNotices } from "./notices.mjs";
import { createOutbox } from "./outbox.mjs";
import { createSound } from "./sound.mjs";
import { createState } from "./state.mjs";
import { createVerbs } from "./verbs.mjs";

const PAGE = 50;
const MARK = 4;
const TYPING_EVERY = 3_000;

/**
 * @param {{
 *   me: any, api: import("./api.mjs").Api, place: ReturnType<typeof import("./place.mjs").createPlace>,
 *   i18n: ReturnType<typeof import("/web/shared/i18n.mjs").createI18n>, onLost: () => void
 * }} options
 */
export function createDesk({ me, api, place, i18n, onLost }) {
  const { t } = i18n;
  const notices = createNotices();
  const sound = createSound();
  const drafts = createDrafts(me.id);
  const now = signal(Date.now());
  const announcement = signal("");
  const dialog = signal(/** @type {"" | "transfer" | "tags" | "palette" | "keys" | "park" | "wrap" | "nothing" | "take" | "requeue"} */ (""));
  const hasMore = signal("");
  const isLoaded = signal(false);
  /** @type {{focus: ((note: boolean) => void) | null, prepare: (() => void) | null, resume: (() => void) | null}} the open composer, for whoever gives it the focus */
  const composer = { focus: null, prepare: null, resume: null };
  /** The message whose words are being changed; empty without one. */
  const rewording = signal("");
  let typedAt = 0;

  const state = createState({
    me,
    onGap: (thread, conversation) => fill(thread, conversation),
    onFrame: notice,
  });
  state.seen.value = recallJson(`seen.${me.id}`, {});

  /** @param {unknown} error */
  const fail = (error) => notices.say(problemInWords(error, t), "danger");

  const outbox = createOutbox({
    api,
    state,
    t,
    onRefused(conversation, error, waiting) {
      const text = waiting.map((draft) => draft.text).filter(Boolean).join("\n");
      drafts.giveBack(conversation, text, waiting.every((draft) => draft.note));
      notices.say(`${problemInWords(error, t)} ${t("problem.kept")}`, "danger");
      refresh(conversation);
    },
  });

  /** What a frame means for eyes and ears. @param {any} frame */
  function notice(frame) {
    if (frame.type === "offer") {
      sound.play("offer");
      announcement.value = t("live.offer", { name: contactName(frame.offer.contact) });
    }
    if (frame.type === "message" && frame.message.direction === "in") hear(frame);
    if (frame.type === "message") warn(frame);
    if (frame.type === "nudge") nudge(frame);
    if (frame.type === "announcement") notices.say(`${groupName(frame.group)}: ${reasonsInWords(reader, frame.why)}`);
    if (frame.type === "alarm") notices.say(reasonsInWords(reader, frame.why), "danger");
  }

  /** Somebody wants us to look; a conversation of others may be unknown until then. @param {any} frame */
  async function nudge({ conversation: id, why }) {
    const isAsked = why.some((/** @type {{code: string}} */ reason) => reason.code === "nudge.mentioned");
    if (isAsked) state.mention(id);
    if (isAsked && !state.conversations.peek().has(id)) await open(id);
    const conversation = state.conversations.peek().get(id);
    if (!conversation) return;
    notices.say(t("live.nudge", { name: contactName(conversation.contact), why: reasonsInWords(reader, why) }), isAsked ? "good" : "danger");
  }

  /** @param {any} frame */
  function hear(frame) {
    const conversation = state.conversations.peek().get(frame.conversation);
    if (!conversation || frame.message.edited_at || !state.isMine(conversation)) return;
    const isOpen = place.at.peek().id === frame.conversation && document.visibilityState === "visible";
    if (!isOpen) sound.play("message");
    announcement.value = t("live.message", { name: contactName(conversation.contact), text: frame.message.text });
  }

  /** An answer of ours that did not arrive is said wherever the agent is looking. @param {any} frame */
  function warn({ conversation, message }) {
    const shown = state.conversations.peek().get(conversation);
    const isOurs = message.author.kind === "agent" && message.author.id === state.me.peek().id;
    if (!shown || !isOurs || !isTroubled(message)) return;
    const words = t("live.message", { name: contactName(shown.contact), text: deliveryInWords({ t, i18n, agentName }, message.delivery) });
    if (place.at.peek().id === conversation) announcement.value = words;
    else notices.say(words, "danger");
  }

  /** Messages that a gap kept from us. @param {string} thread @param {string} conversation */
  async function fill(thread, conversation) {
    const { items } = await api.messages(conversation, { after_seq: String(state.lastSeqOf(thread)), limit: "100" });
    state.changeLog(thread, (log) => withMessages(log, items));
  }

  /** @param {string} scope */
  async function loadList(scope) {
    const asked = state.asking();
    try {
      const { items, next } = await api.conversations(scope);
      if (scope === "all") {
        state.take(items, asked);
        hasMore.value = next ?? "";
      } else if (!next) {
        state.takeList(scope, items, asked);
      } else {
        state.take(items, asked);
      }
    } catch (error) {
      fail(error);
    }
  }

  async function loadMore() {
    const asked = state.asking();
    try {
      const { items, next } = await api.conversations("all", hasMore.value);
      state.take(items, asked);
      hasMore.value = next ?? "";
    } catch (error) {
      fail(error);
    }
  }

  /** Everything anew: at the start and after a resync. */
  async function loadAll() {
    await Promise.all(["mine", "waiting", "mentions", "all"].map(loadList));
    isLoaded.value = true;
    const [groups, agents] = await Promise.all([api.groups(), api.agents()]);
    state.groups.value = groups.items;
    state.agents.value = agents.items;
    const { id } = place.at.peek();
    if (id) await open(id, true);
    outbox.retry();
  }

  /** A conversation with its thread's tail. @param {string} id @param {boolean} [isNewest] as in `withMessages` @returns {Promise<boolean>} false when it is not ours to see */
  async function open(id, isNewest = false) {
    const asked = state.asking();
    try {
      const { messages, contact, ...rest } = await api.conversation(id);
      state.take([{ ...rest, contact: { id: contact.id, name: contact.name } }], asked);
      state.changeLog(rest.thread, (log) => {
        // A tail that does not reach what we hold begins a new log: no hole is ever shown as if there were none.
        const isJoined = log.messages.length === 0 || (messages[0]?.seq ?? 0) <= (log.messages.at(-1)?.seq ?? 0) + 1;
        const start = isJoined ? log : { ...log, messages: [] };
        const hasOlder = start.messages.length > 0 ? start.hasOlder : messages.length >= PAGE;
        return { ...withMessages(start, messages, isNewest), hasOlder };
      });
      return true;
    } catch (error) {
      if (/** @type {any} */ (error).status === 404) return false;
      fail(error);
      return true;
    }
  }

  /** What the server shows now, quietly. @param {string} id */
  async function refresh(id) {
    await open(id);
  }

  /** @param {string} conversation */
  async function loadOlder(conversation) {
    const { thread } = state.conversations.peek().get(conversation);
    const first = state.logOf(thread).messages[0]?.seq ?? 0;
    try {
      const { items, next } = await api.messages(conversation, { before_seq: String(first), limit: String(PAGE) });
      state.changeLog(thread, (log) => ({ ...withMessages(log, items), hasOlder: Boolean(next) }));
    } catch (error) {
      fail(error);
    }
  }

  /** @param {string} id */
  async function loadContact(id) {
    try {
      state.put(state.contacts, id, await api.contact(id));
    } catch (error) {
      fail(error);
    }
  }

  const feed = openFeed({ apply: state.apply, onStart: loadAll, onLost });
  const ticking = setInterval(() => {
    now.value = Date.now();
  }, 1_000);
  const stops = [
    effect(() => keep(`seen.${me.id}`, JSON.stringify(Object.fromEntries(Object.entries(state.seen.value).slice(-400))))),
    effect(() => {
      const count = state.offers.value.length + state.unread.value;
      document.title = count > 0 ? `(${count}) Pointsman` : "Pointsman";
    }),
    effect(() => {
      if (feed.state.value === "open") outbox.retry();
    }),
    effect(() => {
      const { id } = place.at.value;
      if (feed.state.value !== "open") return; // said again when the line is back
      feed.send({ type: "viewing", conversation: id || null });
    }),
  ];

  /** @param {string} conversation */
  function type(conversation) {
    const at = Date.now();
    if (at - typedAt < TYPING_EVERY) return;
    typedAt = at;
    feed.send({ type: "typing", conversation });
  }

  /** An instant in few words: the time today, else the day and the time. @param {string} at */
  function when(at) {
    const isToday = new Date(at).toDateString() === new Date(now.value).toDateString();
    return isToday ? i18n.clock(at) : `${i18n.day(at)} ${i18n.clock(at)}`;
  }

  /** A group's name in the reader's language. @param {string} id @param {string} [otherwise] */
  function groupName(id, otherwise = id) {
    const names = state.groups.value.find((group) => group.id === id);
    return names?.names?.[i18n.language.value] ?? names?.name ?? otherwise;
  }

  /** A contact's name, or what tells the nameless apart. @param {{id: string, name: string}} contact */
  const contactName = ({ id, name }) => name || t("contact.nameless", { mark: id.slice(-MARK) });

  /** What colleagues call an agent. @param {string} id */
  function agentName(id) {
    const agent = state.agents.value.find((other) => other.id === id);
    return agent ? agent.alias || agent.name : id;
  }

  /** @param {string} id */
  const skillName = (id) => state.me.value.skill_names[id] ?? id;

  /** What people call a channel. @param {string} id */
  const channelName = (id) => state.me.value.channel_names[id]?.[i18n.language.value] ?? id;

  const reader = Object.freeze({ t, i18n, agentName, groupName, skillName, channelName, when });

  function close() {
    feed.close();
    clearInterval(ticking);
    for (const stop of stops) stop();
    document.title = "Pointsman";
  }

  const verbs = createVerbs({ api, state, place, notices, fail, t, refresh, onMissing: () => (dialog.value = "wrap") });

  return Object.freeze({
    api, state, place, i18n, t, notices, sound, drafts, outbox, verbs, now, announcement, dialog, composer, rewording, hasMore, isLoaded,
    connection: feed.state, retryNow: feed.retryNow,
    open, refresh, loadList, loadMore, loadOlder, loadContact, type, when, groupName, contactName, agentName, skillName, channelName, fail, close,
  });
}

/** @typedef {ReturnType<typeof createDesk>} Desk */
