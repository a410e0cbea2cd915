/** Prepared replies: "/" at the beginning of an answer lists them, what follows it narrows the list, choosing one writes its words. */

import { useEffect, useState } from "/web/shared/html.mjs";
import { useChoosing } from "./choosing.mjs";
import { isLike } from "./palette.mjs";

const SIGN = "/";

/** @typedef {{reply: string, language: string, text: string}} Prepared */

/** Those that fit, by their names before their words. @param {readonly Prepared[]} replies @param {string} wanted */
function fitting(replies, wanted) {
  const found = replies.filter(({ reply, text }) => isLike(wanted, `${reply} ${text}`));
  const isNamed = (/** @type {Prepared} */ { reply }) => isLike(wanted, reply);
  return [...found.filter(isNamed), ...found.filter((one) => !isNamed(one))];
}

/**
 * @param {{desk: import("./desk.mjs").Desk, id: string, text: string, isOffered: boolean, onPick: (text: string) => void}} options
 *   `text` is what has been typed; `isOffered`: an answer may be given here
 */
export function usePrepared({ desk, id, text, isOffered, onPick }) {
  const { t } = desk;
  const isWanted = isOffered && text.startsWith(SIGN) && !text.includes("\n");
  const [replies, setReplies] = useState(/** @type {readonly Prepared[]} */ ([]));
  const found = isWanted ? fitting(replies, text.slice(SIGN.length)) : [];

  useEffect(() => {
    if (!isWanted) return undefined;
    let isCurrent = true;
    desk.api.prepared(id).then(
      ({ items }) => isCurrent && setReplies(items),
      () => {}, // what is typed is sent as it is
    );
    return () => {
      isCurrent = false;
    };
  }, [id, isWanted]);

  return useChoosing({
    text,
    choices: found.map(({ reply, language, text: words }) => ({ key: reply, name: SIGN + reply, words, language })),
    label: t("prepared.title"),
    count: t("prepared.count", { count: found.length }),
    onPick: ({ words }) => onPick(words),
  });
}
