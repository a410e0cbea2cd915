/** Who is here: the house, or the person who answers; whether anybody is in; and the way out. */

import { html, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";
import { initial } from "./message.mjs";

const CAN_END = ["bot", "waiting", "offered", "active", "parked"];

/** When a closed house opens: the day only when it is another one. @param {string} at @param {import("./part.mjs").I18n} i18n */
export function openingInWords(at, i18n) {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return isToday ? i18n.clock(at) : `${i18n.day(at)} ${i18n.clock(at)}`;
}

/** @param {any} status @param {import("./part.mjs").I18n} i18n */
function presenceInWords(status, i18n) {
  if (status.agent) return i18n.t("header.with", { name: status.agent });
  if (status.open) return i18n.t("header.open");
  return status.next_open
    ? i18n.t("header.closed", { when: openingInWords(status.next_open, i18n) })
    : i18n.t("header.closed_unknown");
}

/** @param {{visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n, onEnd: () => void, onPopOut: (() => void) | null}} props */
function Menu({ visit, i18n, onEnd, onPopOut }) {
  const [isOpen, setOpen] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
  const isMuted = visit.sound.isMuted.value;
  const hasSaid = visit.messages.value.some((message) => message.seq > 0);

  function close() {
    setOpen(false);
    setAsking(false);
    button.current?.focus();
  }

  useLayoutEffect(() => { // before the next key: it already means what is shown now
    if (!isOpen) return undefined;
    /** @type {HTMLElement | null | undefined} */ (box.current?.querySelector("[data-first]"))?.focus();
    const outside = (/** @type {Event} */ event) => {
      if (!box.current?.contains(/** @type {Node} */ (event.target))) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [isOpen, isAsking]);

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    close();
  }

  function save() {
    visit.wantTranscript();
    close();
  }

  function popOut() {
    close();
    onPopOut?.();
  }

  function end() {
    visit.end();
    close();
    onEnd();
  }

  return html`
    <div class="menu" ref=${box} onKeyDown=${onKeyDown}>
      <button type="button" class="icon-button header__button" ref=${button} aria-label=${i18n.t("header.menu")} aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
        <${Icon} name="more" />
      </button>
      ${isOpen
        ? html`<div class="menu__sheet" role="group" aria-label=${i18n.t("header.menu")}>
            ${isAsking
              ? html`
                  <p class="menu__question">${i18n.t("menu.end_confirm")}</p>
                  <button type="button" class="button button--danger" onClick=${end}>${i18n.t("menu.end_yes")}</button>
                  <button type="button" class="button" data-first onClick=${close}>${i18n.t("menu.end_no")}</button>
                `
              : html`
                  <button type="button" class="menu__item" data-first aria-pressed=${!isMuted} onClick=${visit.sound.toggle}>
                    <${Icon} name=${isMuted ? "muted" : "sound"} />${i18n.t(isMuted ? "menu.sound_off" : "menu.sound_on")}
                  </button>
                  ${hasSaid
                    ? html`<button type="button" class="menu__item" onClick=${save}><${Icon} name="save" />${i18n.t("menu.transcript")}</button>`
                    : null}
                  ${onPopOut
                    ? html`<button type="button" class="menu__item" onClick=${popOut}><${Icon} name="popout" />${i18n.t("menu.popout")}</button>`
                    : null}
                  ${CAN_END.includes(visit.status.value.state)
                    ? html`<button type="button" class="menu__item" onClick=${() => setAsking(true)}><${Icon} name="end" />${i18n.t("menu.end")}</button>`
                    : null}
                `}
          </div>`
        : null}
    </div>
  `;
}

/**
 * @param {{visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n, house: import("./app.mjs").House, onClose: (() => void) | null, onEnd: () => void, onPopOut: (() => void) | null}} props
 *   `onClose` and `onPopOut` are null when the chat stands alone in its tab
 */
export function Header({ visit, i18n, house, onClose, onEnd, onPopOut }) {
  const status = visit.status.value;
  const name = house.name || i18n.t("app.title");
  return html`
    <header class="header">
      <span class="avatar header__avatar" aria-hidden="true">${initial(status.agent || name)}</span>
      <div class="header__text">
        <h1 class="header__name">${name}</h1>
        <p class="header__presence">
          <span class=${`dot ${status.open || status.agent ? "dot--open" : "dot--closed"}`} aria-hidden="true"></span>
          <span>${presenceInWords(status, i18n)}</span>
        </p>
      </div>
      <${Menu} visit=${visit} i18n=${i18n} onEnd=${onEnd} onPopOut=${onPopOut} />
      ${onClose
        ? html`<button type="button" class="icon-button header__button" aria-label=${i18n.t("header.close")} onClick=${onClose}><${Icon} name="down" /></button>`
        : null}
    </header>
  `;
}
