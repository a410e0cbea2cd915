/**
 * Enter sends, Shift+Enter makes a new line, and the Enter that picks a pinyin or kana candidate does neither.
 *
 * Browsers disagree on how that last one looks: `isComposing` is true, or the key code is 229, or (Safari) the composition
 * has just ended and an ordinary Enter follows at once. All three are held back.
 */

const MOMENT = 60;

/**
 * Handlers for a text field.
 *
 * @param {() => void} send called for an Enter that means it
 */
export function createEnter(send) {
  let endedAt = -Infinity;

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== "Enter" || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    if (performance.now() - endedAt > MOMENT) send();
  }

  function onCompositionEnd() {
    endedAt = performance.now();
  }

  return { onKeyDown, onCompositionEnd };
}
