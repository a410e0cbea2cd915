/** What is known of the contact: what the page around us says, what the form was answered with, and who it is. */

import { recall, remember } from "./memory.mjs";

/** @typedef {Record<string, string>} Facts */

/**
 * @param {string} place what the keys in the memory begin with
 * @param {(frame: object) => boolean} send
 */
export function createAbout(place, send) {
  let context = /** @type {Facts} */ ({});
  let attributes = /** @type {Facts} */ ({});
  let tags = /** @type {string[]} */ ([]);
  let identity = /** @type {Facts | null} */ (null);
  const answersKey = `${place}answers`;
  const whoKey = `${place}who`;

  /** @returns {Facts} */
  function answers() {
    try {
      return JSON.parse(recall(answersKey) || "{}");
    } catch {
      return {};
    }
  }

  function identifyNow() {
    if (identity) send({ type: "identify", ...identity });
  }

  return {
    /** What stands in each hello. @returns {object} */
    hello() {
      const { name = "", ...others } = answers();
      return { context, attributes: { ...others, ...attributes }, tags, name };
    },
    told: () => ({ context, attributes, tags }),
    identifyNow,
    isAnswered: () => recall(answersKey) !== "",
    /** Whether the server may have proven already what the page says again (its proof may have run out). */
    isKnownAs: () => identity !== null && recall(whoKey) === identity.id,
    /** The server has answered to who we are. */
    accepted() {
      if (identity) remember(whoKey, identity.id);
    },
    /** The form was filled in. @param {Facts} given */
    answer(given) {
      remember(answersKey, JSON.stringify(given));
      const { name = "", ...others } = given;
      send({ type: "context", attributes: others, name });
    },
    /** @param {Facts} more */
    situate(more) {
      context = { ...context, ...more };
      send({ type: "context", context });
    },
    /** @param {{attributes?: Facts, drop?: string[], tags?: string[], untag?: string[]} & Record<string, any>} change */
    change({ attributes: more = {}, drop = [], tags: added = [], untag = [] }) {
      attributes = Object.fromEntries(Object.entries({ ...attributes, ...more }).filter(([key]) => !drop.includes(key)));
      tags = [...new Set([...tags, ...added])].filter((tag) => !untag.includes(tag));
      send({ type: "context", attributes: more, drop, tags: added, untag });
    },
    /** Everything at once, as the page has said it until now. @param {{context?: Facts, attributes?: Facts, tags?: string[], identity?: Facts | null} & Record<string, any>} all */
    begin(all) {
      context = { ...context, ...all.context };
      attributes = { ...attributes, ...all.attributes };
      tags = [...new Set([...tags, ...(all.tags ?? [])])];
      identity = all.identity ?? identity;
      send({ type: "context", context, attributes, tags });
      identifyNow();
    },
    /** @param {Facts} who */
    identify(who) {
      identity = who;
      identifyNow();
    },
    forget() {
      identity = null;
      attributes = {};
      tags = [];
      remember(whoKey, "");
      remember(answersKey, "");
    },
  };
}
