/**
 * Everything that can be done with the conversation before the agent, in one place: the buttons, the single letters, the
 * palette and the sheet of keys all come from here, so that none of them can say something else.
 */

import { lastReworded } from "./rewording.mjs";
import { isSenior } from "./state.mjs";

/**
 * @typedef {object} Command
 * @property {string} id also the catalogue's key: `command.{id}`
 * @property {string} key a letter outside inputs, empty when it has none
 * @property {import("./icons.mjs").IconName} icon
 * @property {(desk: import("./desk.mjs").Desk, conversation: any) => boolean} can
 * @property {(desk: import("./desk.mjs").Desk, conversation: any) => unknown} run
 */

const OPEN = Object.freeze(["active", "parked"]);

const isMine = (/** @type {import("./desk.mjs").Desk} */ desk, /** @type {any} */ conversation) =>
  Boolean(conversation) && desk.state.isMine(conversation);
const isUnowned = (/** @type {any} */ conversation) =>
  Boolean(conversation) && conversation.owner.kind !== "agent" && conversation.state !== "resolved";

/** Move through the list; the first step goes to the first row. @param {import("./desk.mjs").Desk} desk @param {number} step */
function move(desk, step) {
  const rows = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("#rows [data-conversation]")]);
  const { id } = desk.place.at.peek();
  const focused = rows.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
  const present = focused >= 0 ? focused : rows.findIndex((row) => row.dataset.conversation === id);
  const next = rows[Math.min(rows.length - 1, Math.max(0, present + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** Accept the first offer; without one, open the row that has the focus. @param {import("./desk.mjs").Desk} desk */
function openOrAccept(desk) {
  const [offer] = desk.state.offers.peek();
  if (offer && offer.mode !== "auto") return desk.verbs.accept(offer.conversation, offer.id);
  const { conversation } = /** @type {HTMLElement} */ (document.activeElement)?.dataset ?? {};
  const first = desk.state.lists.peek()[/** @type {"mine"} */ (desk.place.at.peek().list)][0];
  const id = conversation ?? (desk.place.at.peek().id || first?.id);
  if (id) desk.place.go({ name: "conversation", id });
  return undefined;
}

/** @type {readonly Command[]} */
export const COMMANDS = Object.freeze([
  { id: "next", key: "j", icon: "down", can: () => true, run: (desk) => move(desk, 1) },
  { id: "previous", key: "k", icon: "back", can: () => true, run: (desk) => move(desk, -1) },
  { id: "open", key: "o", icon: "play", can: () => true, run: openOrAccept },
  { id: "reply", key: "r", icon: "send", can: isMine, run: (desk) => desk.composer.focus?.(false) },
  { id: "prepared", key: "/", icon: "bolt", can: isMine, run: (desk) => desk.composer.prepare?.() },
  { id: "note", key: "n", icon: "lock", can: (_, conversation) => Boolean(conversation), run: (desk) => desk.composer.focus?.(true) },
  {
    id: "reword",
    key: "",
    icon: "pencil",
    can: (desk, conversation) => Boolean(lastReworded(desk, conversation)),
    run: (desk, conversation) => (desk.rewording.value = lastReworded(desk, conversation)?.id ?? ""),
  },
  { id: "accept", key: "a", icon: "check", can: (_, conversation) => isUnowned(conversation), run: (desk, { id }) => desk.verbs.accept(id) },
  {
    id: "take",
    key: "",
    icon: "person",
    can: (desk, conversation) =>
      Boolean(conversation) && isSenior(desk.state.me.value) && conversation.owner.kind === "agent" && !desk.state.isMine(conversation),
    run: (desk) => (desk.dialog.value = "take"),
  },
  {
    id: "give_back",
    key: "",
    icon: "again",
    can: (desk, conversation) => isMine(desk, conversation) && Boolean(conversation.taken_from) && isSenior(desk.state.me.value),
    run: (desk, { id }) => desk.verbs.giveBack(id),
  },
  {
    id: "requeue",
    key: "",
    icon: "people",
    can: (desk, conversation) =>
      Boolean(conversation) && isSenior(desk.state.me.value) && conversation.owner.kind === "agent" && OPEN.includes(conversation.state),
    run: (desk) => (desk.dialog.value = "requeue"),
  },
  {
    id: "transfer",
    key: "t",
    icon: "transfer",
    can: (desk, conversation) => Boolean(conversation) && conversation.state !== "resolved" && (isMine(desk, conversation) || isSenior(desk.state.me.value)),
    run: (desk) => (desk.dialog.value = "transfer"),
  },
  { id: "tags", key: "g", icon: "tag", can: (_, conversation) => Boolean(conversation) && conversation.state !== "resolved", run: (desk) => (desk.dialog.value = "tags") },
  { id: "park", key: "s", icon: "pause", can: (desk, conversation) => isMine(desk, conversation) && conversation.state === "active", run: (desk) => (desk.dialog.value = "park") },
  { id: "resume", key: "s", icon: "play", can: (desk, conversation) => isMine(desk, conversation) && conversation.state === "parked", run: (desk, { id }) => desk.verbs.resume(id) },
  { id: "resolve", key: "e", icon: "check", can: (desk, conversation) => isMine(desk, conversation) && OPEN.includes(conversation.state), run: (desk, { id }) => desk.verbs.resolve(id) },
  { id: "finish", key: "e", icon: "check", can: (desk, conversation) => isMine(desk, conversation) && conversation.state === "wrapping", run: (desk, { id }) => desk.verbs.resolve(id) },
  { id: "extend", key: "", icon: "clock", can: (desk, conversation) => isMine(desk, conversation) && conversation.state === "wrapping", run: (desk, { id }) => desk.verbs.extend(id) },
  {
    id: "promise",
    key: "",
    icon: "hourglass",
    can: (desk, conversation) => isMine(desk, conversation) && conversation.state === "active" && Boolean(conversation.unanswered_since),
    run: (desk, { id }) => desk.verbs.promise(id),
  },
  { id: "reopen", key: "e", icon: "again", can: (_, conversation) => conversation?.state === "resolved", run: (desk, { id }) => desk.verbs.reopen(id) },
  { id: "why", key: "w", icon: "route", can: (_, conversation) => Boolean(conversation), run: (desk) => desk.place.go({ side: "why" }, { replace: true }) },
  { id: "contact", key: "c", icon: "person", can: (_, conversation) => Boolean(conversation), run: (desk) => desk.place.go({ side: "contact" }, { replace: true }) },
  { id: "ready", key: "", icon: "play", can: (desk) => desk.state.me.value.intent !== "ready", run: (desk) => desk.verbs.setPresence({ intent: "ready" }) },
  { id: "draining", key: "", icon: "pause", can: (desk) => desk.state.me.value.intent === "ready", run: (desk) => desk.verbs.setPresence({ intent: "draining" }) },
  { id: "away", key: "", icon: "moon", can: (desk) => desk.state.me.value.intent !== "away", run: (desk) => desk.verbs.setPresence({ intent: "away" }) },
  { id: "nothing", key: "", icon: "question", can: () => true, run: (desk) => (desk.dialog.value = "nothing") },
  { id: "wallboard", key: "", icon: "chart", can: (desk) => isSenior(desk.state.me.value), run: (desk) => desk.place.go({ name: "wallboard" }) },
  { id: "keys", key: "?", icon: "keyboard", can: () => true, run: (desk) => (desk.dialog.value = "keys") },
]);

/** @param {import("./desk.mjs").Desk} desk the conversation before the agent, null without one */
export const presentConversation = (desk) => desk.state.conversations.value.get(desk.place.at.value.id) ?? null;

/** @param {import("./desk.mjs").Desk} desk @param {Command} command */
export const isPossible = (desk, command) => command.can(desk, presentConversation(desk));

/** @param {import("./desk.mjs").Desk} desk @param {Command} command */
export const runCommand = (desk, command) => command.run(desk, presentConversation(desk));
