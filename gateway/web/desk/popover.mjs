/** A button with a small panel: opens on click, closes on Escape, on a click elsewhere and when the focus leaves. */

import { html, useId, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";

/**
 * @param {{
 *   label: string, face: any, children: any, place?: "below" | "above" | "beside", class?: string, isDisabled?: boolean,
 *   isMenu?: boolean,
 * }} props `face` is what the button shows; a child may call its own click handlers, the panel stays open unless it `isMenu`
 */
export function Popover({ label, face, children, place = "below", class: name = "", isDisabled = false, isMenu = false }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const root = useRef(/** @type {HTMLDivElement | null} */ (null));
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));

  useLayoutEffect(() => {
    if (!isOpen) return undefined;
    const leave = (/** @type {Event} */ event) => {
      if (!root.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    document.addEventListener("pointerdown", leave);
    document.addEventListener("focusin", leave);
    return () => {
      document.removeEventListener("pointerdown", leave);
      document.removeEventListener("focusin", leave);
    };
  }, [isOpen]);

  function close() {
    setOpen(false);
    button.current?.focus();
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    close();
  }

  return html`
    <div ref=${root} class="popover" onKeyDown=${onKeyDown}>
      <button ref=${button} type="button" class=${name} title=${label} aria-expanded=${isOpen} aria-controls=${id} disabled=${isDisabled} onClick=${() => setOpen(!isOpen)}>
        ${face}<span class="visually-hidden">${label}</span>
      </button>
      ${isOpen ? html`<div id=${id} class=${`popover__panel popover__panel--${place}`} role="group" aria-label=${label} onClick=${isMenu ? close : undefined}>${children}</div>` : html`<div id=${id} hidden></div>`}
    </div>
  `;
}
