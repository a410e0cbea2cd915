/**
 * What the administrator is editing: the texts, and the version that they were made from. Kept on this device until it is
 * applied or given up, so that a reload or a lost session loses no line.
 */

import { batch, computed, signal } from "/web/shared/html.mjs";
import { keep, recallJson } from "/desk/memory.mjs";
import { FILES } from "./place.mjs";

const KEY = "admin.draft";
const SAVES_AFTER = 400;

/** @typedef {import("./api.mjs").Files} Files */
/** @typedef {{version: number, files: Files}} Base */

/** @param {Base} present the version in force */
export function createDraft(present) {
  const kept = /** @type {{base: Base, texts: Files} | null} */ (recallJson(KEY, null));
  const isUsable = Boolean(kept) && FILES.every((file) => typeof kept?.texts?.[file] === "string" && typeof kept?.base?.files?.[file] === "string");
  const base = signal(isUsable && kept ? kept.base : present);
  const texts = signal(isUsable && kept ? kept.texts : present.files);
  /** Grows when the texts were replaced from outside the editor, which then reads them again. */
  const revision = signal(0);
  const changed = computed(() => FILES.filter((file) => texts.value[file] !== base.value.files[file]));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let saving;

  function save() {
    clearTimeout(saving);
    keep(KEY, changed.peek().length ? JSON.stringify({ base: base.peek(), texts: texts.peek() }) : "");
  }

  /** The administrator has typed. @param {string} file @param {string} text */
  function write(file, text) {
    if (texts.peek()[file] === text) return;
    texts.value = { ...texts.peek(), [file]: text };
    clearTimeout(saving);
    saving = setTimeout(save, SAVES_AFTER);
  }

  /** Other texts, made from another version: after applying, giving up, or joining somebody's changes. @param {Base} from @param {Files} [next] */
  function replace(from, next = from.files) {
    batch(() => {
      base.value = from;
      texts.value = next;
      revision.value += 1;
    });
    save();
  }

  /** The files that differ from their version. @returns {Files} */
  const changedTexts = () => Object.fromEntries(changed.peek().map((file) => [file, texts.peek()[file]]));

  addEventListener("pagehide", save);
  return Object.freeze({
    base, texts, revision, changed, write, replace, changedTexts,
    close: () => {
      save();
      removeEventListener("pagehide", save);
    },
  });
}
