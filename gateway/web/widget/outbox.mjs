/**
 * What the contact has said and the server has not confirmed. It is written down before it is sent and struck out when
 * it is confirmed, so that a reload or a dead line loses nothing. The server drops what it gets twice, by `client_id`.
 */

import { recall, remember } from "./memory.mjs";

/**
 * @typedef {object} Unsent
 * @property {string} client_id
 * @property {string} at when it was written
 * @property {"send" | "choose"} type
 * @property {string} [text]
 * @property {object[]} [parts]
 * @property {string} [value]
 * @property {string} [label]
 */

/** A name that nobody else gives. `randomUUID` would want https. */
export function newClientId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} key where it is remembered */
export function openOutbox(key) {
  /** @returns {Unsent[]} */
  function all() {
    try {
      const kept = JSON.parse(recall(key) || "[]");
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  /** @param {Unsent[]} entries */
  const write = (entries) => remember(key, entries.length ? JSON.stringify(entries) : "");

  return {
    all,
    /** One that is there already keeps its place. @param {Unsent} entry */
    add(entry) {
      const kept = all();
      if (!kept.some((other) => other.client_id === entry.client_id)) write([...kept, entry]);
    },
    /** @param {string} clientId */
    strike: (clientId) => write(all().filter((entry) => entry.client_id !== clientId)),
  };
}
