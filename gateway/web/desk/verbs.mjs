/** The agent's verbs: each asks the server, takes its answer as the truth, and says in words when it was refused. */

import { batch } from "/web/shared/html.mjs";
import { Problem } from "./api.mjs";
import { withAnswer } from "./log.mjs";

/** @typedef {{intent: string, reason: string, channels: string[]}} Presence `channels`: those that still come while away */

/**
 * @param {{
 *   api: import("./api.mjs").Api, state: import("./state.mjs").State, place: ReturnType<typeof import("./place.mjs").createPlace>,
 *   notices: ReturnType<typeof import("./notices.mjs").createNotices>, fail: (error: unknown) => void,
 *   t: (key: string, values?: any) => string, refresh: (id: string) => Promise<void>, onMissing: () => void
 * }} parts `onMissing`: the group wants to know more before the conversation ends
 */
export function createVerbs({ api, state, place, notices, fail, t, refresh, onMissing }) {
  /** @type {Set<string>} */
  const busy = new Set();
  /** @type {Presence | null} what was chosen and is not yet confirmed */
  let chosen = null;
  /** @type {Promise<void>} */
  let telling = Promise.resolve();

  /**
   * @param {string} id @param {Parameters<typeof api.act>[1]} verb @param {object} [body]
   * @returns {Promise<boolean>} whether it happened
   */
  async function act(id, verb, body) {
    const doing = `${verb} ${id}`;
    if (busy.has(doing)) return false; // a second click says nothing new
    busy.add(doing);
    const asked = state.asking();
    try {
      state.take([await api.act(id, verb, body)], asked);
      return true;
    } catch (error) {
      fail(error);
      await refresh(id);
      return false;
    } finally {
      busy.delete(doing);
    }
  }

  /**
   * Something done to one message of ours.
   *
   * @param {string} thread @param {import("./log.mjs").Message} message as it is shown now
   * @param {() => Promise<import("./log.mjs").Message>} ask
   * @returns {Promise<boolean>} whether it happened
   */
  async function change(thread, message, ask) {
    const doing = `change ${message.id}`;
    if (busy.has(doing)) return false;
    busy.add(doing);
    try {
      const answer = await ask();
      state.changeLog(thread, (log) => withAnswer(log, message, answer));
      return true;
    } catch (error) {
      fail(error);
      await refresh(message.conversation);
      return false;
    } finally {
      busy.delete(doing);
    }
  }

  /** @param {string} id a conversation's @param {string} [offer] */
  async function accept(id, offer) {
    const isDone = await act(id, "accept", offer ? { offer } : {});
    batch(() => {
      if (offer) state.dropOffer(offer);
      if (isDone) place.go({ name: "conversation", id, list: "mine" });
    });
    if (isDone) await refresh(id);
    return isDone;
  }

  /** @param {any} offer @param {string} reason */
  async function decline(offer, reason) {
    await act(offer.conversation, "decline", { offer: offer.id, reason });
    state.dropOffer(offer.id);
  }

  /** @param {string} id @param {{to_agent?: string, to_group?: string, note: string}} target @param {string} name */
  async function transfer(id, target, name) {
    const isDone = await act(id, "transfer", target);
    if (isDone) notices.say(t("transfer.done", { name }));
    return isDone;
  }

  /**
   * End it, or its wrap-up.
   *
   * @param {string} id @param {{disposition: string, note: string}} [said]
   * @returns {Promise<"done" | "missing" | "refused">} missing: the group wants to know more
   */
  async function resolve(id, said) {
    const doing = `resolve ${id}`;
    if (busy.has(doing)) return "refused";
    busy.add(doing);
    const asked = state.asking();
    try {
      const shown = await api.act(id, "resolve", said);
      state.take([shown], asked);
      notices.say(t(shown.state === "wrapping" ? "action.wrapping" : "action.resolved"));
      return "done";
    } catch (error) {
      if (error instanceof Problem && error.kind === "something-missing" && place.at.peek().id === id) {
        onMissing();
        return "missing";
      }
      fail(error);
      await refresh(id);
      return "refused";
    } finally {
      busy.delete(doing);
    }
  }

  /**
   * Change one's own state. What is chosen quickly one after the other adds up, and only the last of it is told.
   *
   * @param {Partial<Presence>} change another intent begins without a reason and without channels
   */
  async function setPresence(change) {
    const { intent, intent_reason, channels } = state.me.peek();
    const before = chosen ?? { intent, reason: intent_reason, channels };
    const isOther = change.intent !== undefined && change.intent !== before.intent;
    const mine = (chosen = { ...before, ...(isOther ? { reason: "", channels: [] } : {}), ...change });
    await telling;
    if (mine !== chosen) return;
    telling = tell(mine);
    await telling;
  }

  /** @param {Presence} mine */
  async function tell(mine) {
    try {
      const me = await api.setPresence(mine.intent, mine.reason, mine.channels);
      state.me.value = { ...state.me.value, ...me };
    } catch (error) {
      fail(error);
    } finally {
      if (chosen === mine) chosen = null;
    }
  }

  /** @param {() => Promise<any>} decide @param {string} said */
  async function atTheDoor(decide, said) {
    try {
      await decide();
      state.queues.value = (await api.queues()).items;
      notices.say(said);
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  /** @param {string} id @param {object} change */
  const changeContact = (id, change) => known(id, () => api.changeContact(id, change));

  /** A contact as it is afterwards. @param {string} id @param {() => Promise<any>} change */
  async function known(id, change) {
    try {
      state.put(state.contacts, id, await change());
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  }

  /** Who somebody is has changed: the open conversation shows it, too. @param {string} id @param {() => Promise<any>} change */
  async function people(id, change) {
    const isDone = await known(id, change);
    const open = place.at.peek().id;
    if (isDone && open) await refresh(open);
    return isDone;
  }

  return Object.freeze({
    accept,
    decline,
    transfer,
    resolve,
    setPresence,
    changeContact,
    /** @param {string} id @param {{other: string, keep: object}} choice */
    mergeContacts: (id, choice) => people(id, () => api.mergeContacts(id, choice)),
    /** @param {string} id @param {string} merge */
    splitContacts: (id, merge) => people(id, () => api.splitContacts(id, merge)),
    /** @param {string} group @param {{open: boolean, until: string, reason: string}} decision @param {string} name */
    overrideHours: (group, decision, name) =>
      atTheDoor(() => api.overrideHours(group, decision), t(decision.open ? "door.opened" : "door.closed", { group: name })),
    /** @param {string} group @param {string} name */
    takeHoursBack: (group, name) => atTheDoor(() => api.takeHoursBack(group), t("door.taken_back", { group: name })),
    /** @param {string} group @param {{reason: string, until?: string}} pause @param {string} name */
    pauseQueue: (group, pause, name) => atTheDoor(() => api.pauseQueue(group, pause), t("pausing.done", { group: name })),
    /** @param {string} group @param {string} name */
    resumeQueue: (group, name) => atTheDoor(() => api.resumeQueue(group), t("pausing.over", { group: name })),
    /** @param {string} group @param {string} text @param {string} name */
    addressGroup: (group, text, name) => atTheDoor(() => api.addressGroup(group, text), t("addressing.done", { group: name })),
    /** A supervisor takes it over, or puts it back into the queue. @param {string} id @param {"take-over" | "requeue"} verb @param {string} reason */
    stepIn: (id, verb, reason) => act(id, verb, { reason }),
    /** Whoever had it before it was taken over has it again. @param {string} id */
    giveBack: (id) => act(id, "return"),
    /** @param {string} id @param {string | null} until */
    park: async (id, until) => {
      const isDone = await act(id, "park", until ? { until } : {});
      if (isDone) notices.say(t("action.parked"));
      return isDone;
    },
    resume: (/** @type {string} */ id) => act(id, "resume"),
    /** The time for wrap-up once more. @param {string} id */
    extend: async (id) => {
      if (await act(id, "extend")) notices.say(t("action.extended"));
    },
    /** "I am on it". @param {string} id */
    promise: async (id) => {
      if (await act(id, "promise")) notices.say(t("action.promised"));
    },
    reopen: (/** @type {string} */ id) => act(id, "reopen"),
    /** Send it once more. @param {string} thread @param {import("./log.mjs").Message} message */
    resend: (thread, message) => change(thread, message, () => api.resend(message)),
    /** Somebody has asked: the contact has it. @param {string} thread @param {import("./log.mjs").Message} message */
    vouch: (thread, message) => change(thread, message, () => api.arrived(message)),
    /** Put other words in its place. @param {string} thread @param {import("./log.mjs").Message} message @param {string} text @param {number} epoch */
    reword: (thread, message, text, epoch) => change(thread, message, () => api.reword(message, { text, epoch })),
    /** @param {string} id @param {{add: string[], remove: string[], priority?: string}} change */
    tag: (id, change) => act(id, "tags", change),
  });
}
