/** A dialog over everything: the browser's own, so that focus stays inside, Escape closes, and the focus comes back. */

import { html, useId, useLayoutEffect, useRef } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

/** @param {{desk: import("./desk.mjs").Desk, title: string, children: any, name?: string, isBare?: boolean, onClose?: () => void}} props `isBare` shows no head; `onClose` is for who opened it without `desk.dialog` */
export function Dialog({ desk, title, children, name = "", isBare = false, onClose }) {
  const root = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useId();
  const close = () => {
    if (onClose) onClose();
    else desk.dialog.value = "";
  };

  useLayoutEffect(() => {
    const dialog = /** @type {HTMLDialogElement} */ (root.current);
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog.showModal();
    return () => {
      dialog.close();
      if (before?.isConnected) before.focus();
    };
  }, []);

  /** Escape: gone at once, so that the next key already means the page. @param {Event} event */
  const onCancel = (event) => {
    event.preventDefault();
    close();
  };

  /** @param {MouseEvent} event */
  const onClick = (event) => {
    if (event.target === root.current) close();
  };

  return html`
    <dialog ref=${root} class=${`dialog ${name}`} aria-labelledby=${id} onClose=${close} onCancel=${onCancel} onClick=${onClick}>
      <div class="dialog__body">
        <header class=${isBare ? "visually-hidden" : "dialog__head"}>
          <h2 id=${id} class="dialog__title">${title}</h2>
          ${isBare
            ? null
            : html`<button type="button" class="icon-button" aria-label=${desk.t("dialog.close")} onClick=${close}><${Icon} name="close" /></button>`}
        </header>
        ${children}
      </div>
    </dialog>
  `;
}
