/**
 * The one state of the desk: what the server said, in signals, and nothing that can be computed from them.
 *
 * `apply` takes the feed's frames. It never asks the server anything; what a frame cannot tell (a gap, a resync) it leaves
 * to whoever listens with `onGap`.
 */

import { batch, computed, signal } from "/web/shared/html.mjs";
import { EMPTY, lastSeq, leavesGap, withMessages } from "./log.mjs";

const TYPING_FOR = 6_000;
const SENIOR = Object.freeze(["supervisor", "admin"]);
const WAITS = Object.freeze(["waiting", "offered"]);

/** @typedef {import("./log.mjs").Log} Log */
/** @typedef {ReturnType<typeof createState>} State */

/** @param {any} me */
export const isSenior = (me) => SENIOR.includes(me?.role);

/** When something last happened in a conversation. @param {any} conversation */
const touchedAt = (conversation) => Date.parse(conversation.last_message?.at ?? conversation.created_at);

/** Since when somebody waits, for the order of lists: the earliest first. @param {any} conversation */
const waitsSince = (conversation) => Date.parse(conversation.unanswered_since ?? conversation.entered_waiting_at ?? conversation.created_at);

/** Those that wait for us first, the longest waiting on top; then the rest, the newest on top. @param {any} one @param {any} other */
function byNeed(one, other) {
  const first = Boolean(one.unanswered_since) && one.state !== "parked";
  const second = Boolean(other.unanswered_since) && other.state !== "parked";
  if (first !== second) return first ? -1 : 1;
  return first ? waitsSince(one) - waitsSince(other) : touchedAt(other) - touchedAt(one);
}

/** @param {{me: any, onGap: (thread: string, conversation: string) => void, onFrame: (frame: any) => void}} options */
export function createState({ me: whoIs, onGap, onFrame }) {
  const me = signal(whoIs);
  const conversations = signal(/** @type {Map<string, any>} */ (new Map()));
  const logs = signal(/** @type {Map<string, Log>} */ (new Map()));
  const contacts = signal(/** @type {Map<string, any>} */ (new Map()));
  const offers = signal(/** @type {any[]} */ ([]));
  const agents = signal(/** @type {any[]} */ ([]));
  const groups = signal(/** @type {any[]} */ ([]));
  const queues = signal(/** @type {any[]} */ ([]));
  const typing = signal(/** @type {Map<string, {who: string, until: number}>} */ (new Map()));
  const viewing = signal(/** @type {Map<string, string[]>} */ (new Map()));
  const configProblem = signal(String(whoIs.config_problem ?? ""));
  const mentions = signal(/** @type {ReadonlySet<string>} */ (new Set()));
  const seen = signal(/** @type {Record<string, number>} */ ({}));

  const isMine = (/** @type {any} */ conversation) =>
    conversation.owner.kind === "agent" && conversation.owner.id === me.value.id && conversation.state !== "resolved";
  const isWaiting = (/** @type {any} */ conversation) =>
    WAITS.includes(conversation.state) && (isSenior(me.value) || me.value.groups.includes(conversation.group));

  /** Whether the contact said something that this agent has not had before the eyes. @param {any} conversation */
  const isUnread = (conversation) => {
    const read = seen.value[conversation.id];
    if (conversation.last_message?.author !== "contact") return false;
    return read === undefined ? Boolean(conversation.unanswered_since) : conversation.last_seq > read;
  };

  const lists = computed(() => {
    const all = [...conversations.value.values()];
    return {
      mine: all.filter(isMine).sort(byNeed),
      waiting: all.filter(isWaiting).sort((one, other) => waitsSince(one) - waitsSince(other)),
      mentions: all.filter(({ id }) => mentions.value.has(id)).sort((one, other) => touchedAt(other) - touchedAt(one)),
      all: all.sort((one, other) => touchedAt(other) - touchedAt(one)),
    };
  });
  const unread = computed(() => lists.value.mine.filter(isUnread).length);

  /** @template K, V @param {import("@preact/signals").Signal<Map<K, V>>} map @param {K} key @param {V} value */
  function put(map, key, value) {
    map.value = new Map(map.value).set(key, value);
  }

  let frames = 0;
  /** With which frame each conversation came last. @type {Map<string, number>} */
  const toldAt = new Map();

  /** Where the feed is. Taken before asking the server: what the feed told meanwhile is newer than the answer. */
  const asking = () => frames;

  /**
   * Take conversations as the server shows them; an older epoch never replaces a newer one, nor an answer what the feed
   * told since it was asked for.
   *
   * @param {any[]} shown @param {number} [asked] by `asking`
   */
  function take(shown, asked = frames) {
    const next = new Map(conversations.value);
    for (const conversation of shown) {
      const known = next.get(conversation.id);
      if (known && (known.epoch > conversation.epoch || (toldAt.get(conversation.id) ?? 0) > asked)) continue;
      next.set(conversation.id, conversation);
    }
    conversations.value = next;
  }

  /** The feed shows a conversation. @param {any} conversation */
  function told(conversation) {
    frames += 1;
    toldAt.set(conversation.id, frames);
    take([conversation]);
  }

  /** A whole list has come: whatever we held in it and is not there is out of our sight. @param {string} scope @param {any[]} shown @param {number} asked */
  function takeList(scope, shown, asked) {
    const ids = new Set(shown.map((conversation) => conversation.id));
    if (scope === "mentions") mentions.value = new Set([...mentions.peek(), ...ids]);
    const belongs = scope === "mine" ? isMine : scope === "waiting" ? isWaiting : () => false;
    const next = new Map(conversations.value);
    for (const conversation of conversations.value.values()) {
      if (belongs(conversation) && !ids.has(conversation.id)) next.delete(conversation.id);
    }
    batch(() => {
      conversations.value = next;
      take(shown, asked);
      for (const conversation of shown) adoptOffer(conversation);
    });
  }

  /** A conversation that is offered to us, learnt from a list: after a reload the feed does not say it again. @param {any} conversation */
  function adoptOffer(conversation) {
    const { offer } = conversation;
    if (!offer || offer.agent !== me.value.id || offers.value.some((other) => other.id === offer.id)) return;
    offers.value = [
      ...offers.value,
      { ...offer, conversation: conversation.id, group: conversation.group, contact: conversation.contact, reason: "", mode: "accept" },
    ];
  }

  /** @param {string} id an offer's */
  function dropOffer(id) {
    offers.value = offers.value.filter((offer) => offer.id !== id);
  }

  /** A note asks us to look at a conversation. @param {string} id */
  function mention(id) {
    mentions.value = new Set([...mentions.peek(), id]);
  }

  const logOf = (/** @type {string} */ thread) => logs.value.get(thread) ?? EMPTY;

  /** @param {string} thread @param {(log: Log) => Log} change */
  function changeLog(thread, change) {
    put(logs, thread, change(logOf(thread)));
  }

  /** @param {string} conversation @param {any} message */
  function takeMessage(conversation, message) {
    const shown = conversations.value.get(conversation);
    if (message.edited_at && shown?.last_message?.at === message.at) {
      put(conversations, conversation, { ...shown, last_message: { ...shown.last_message, text: message.text } });
    }
    const thread = shown?.thread;
    if (!thread || !logs.value.has(thread)) return;
    const log = logOf(thread);
    if (leavesGap(log, message)) onGap(thread, conversation);
    if (log.messages.length > 0 && message.seq < (log.messages[0]?.seq ?? 0)) return; // older than what is shown
    changeLog(thread, (present) => withMessages(present, [message], true));
    if (typing.value.get(conversation)?.who === message.author.kind) put(typing, conversation, { who: "", until: 0 });
  }

  /** @param {any} agent */
  function takeAgent(agent) {
    if (agent.id === me.value.id) me.value = { ...me.value, ...agent };
    if (agents.value.length > 0) agents.value = agents.value.map((other) => (other.id === agent.id ? agent : other));
  }

  /** @param {any} frame one frame of the feed */
  function apply(frame) {
    batch(() => {
      switch (frame.type) {
        case "hello":
          me.value = frame.me;
          configProblem.value = frame.me.config_problem ?? "";
          break;
        case "conversation":
          told(frame.conversation);
          break;
        case "message":
          takeMessage(frame.conversation, frame.message);
          break;
        case "offer":
          told(frame.conversation);
          dropOffer(frame.offer.id);
          offers.value = [...offers.value, frame.offer];
          break;
        case "offer_ended":
          dropOffer(frame.offer);
          break;
        case "presence":
          takeAgent(frame.presence);
          break;
        case "queues":
          queues.value = frame.items;
          break;
        case "typing":
          put(typing, frame.conversation, { who: frame.who, until: Date.now() + TYPING_FOR });
          break;
        case "viewing":
          put(viewing, frame.conversation, frame.agents);
          break;
        case "config":
          configProblem.value = frame.problem;
          break;
      }
    });
    onFrame(frame);
  }

  /** Everything in a conversation is before the agent's eyes. @param {string} id */
  function see(id) {
    const conversation = conversations.peek().get(id);
    if (!conversation || seen.peek()[id] === conversation.last_seq) return;
    seen.value = { ...seen.peek(), [id]: conversation.last_seq };
  }

  return Object.freeze({
    me, conversations, logs, contacts, offers, agents, groups, queues, typing, viewing, configProblem, seen, lists, unread, mention,
    isMine, isWaiting, isUnread, asking, take, takeList, dropOffer, logOf, changeLog, apply, see, put,
    lastSeqOf: (/** @type {string} */ thread) => lastSeq(logOf(thread)),
  });
}
