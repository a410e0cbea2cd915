/** The desk's page: finds out who is here, shows the login or the desk, and lays out the panes. */

import { effect, html, render, signal } from "/web/shared/html.mjs";
import { createI18n, pickLanguage } from "/web/shared/i18n.mjs";
import { Problem, createApi } from "./api.mjs";
import { Banner } from "./banner.mjs";
import { Conversation } from "./conversation.mjs";
import { createDesk } from "./desk.mjs";
import { listenToKeys } from "./keys.mjs";
import { List } from "./list.mjs";
import { Login } from "./login.mjs";
import { keep, recall } from "./memory.mjs";
import { NothingCame } from "./nothing.mjs";
import { Notices } from "./notices.mjs";
import { Offers } from "./offer.mjs";
import { Palette } from "./palette.mjs";
import { Parking } from "./parking.mjs";
import { createPlace } from "./place.mjs";
import { Rail } from "./rail.mjs";
import { Sheet } from "./sheet.mjs";
import { Side } from "./side.mjs";
import { PuttingBack, TakingOver } from "./stepping.mjs";
import { Tagging } from "./tagging.mjs";
import { Transfer } from "./transfer.mjs";
import { Wallboard } from "./wallboard.mjs";
import { Wrapping } from "./wrapping.mjs";

const DIALOGS = Object.freeze({ transfer: Transfer, tags: Tagging, palette: Palette, keys: Sheet, park: Parking, wrap: Wrapping, nothing: NothingCame, take: TakingOver, requeue: PuttingBack });

const i18n = createI18n("/desk/locales/", "/web/shared/reasons/");
const place = createPlace();
const desk = signal(/** @type {import("./desk.mjs").Desk | null} */ (null));
const isKnown = signal(false);
const api = createApi(lose);

/** The session has ended: back to the login, with the drafts where they are. */
function lose() {
  desk.peek()?.close();
  desk.value = null;
}

/** @param {any} me */
function begin(me) {
  desk.peek()?.close();
  desk.value = createDesk({ me, api, place, i18n, onLost: lose });
}

async function leave() {
  try {
    await api.logOut();
  } finally {
    lose();
    place.go({ name: "list", id: "", list: "mine", side: "" });
  }
}

/** @param {string} [chosen] */
const speak = (chosen) => i18n.use(pickLanguage([...(chosen ? [chosen] : []), recall("language"), ...navigator.languages].filter(Boolean)));

/** @param {{desk: import("./desk.mjs").Desk}} props */
function Desk({ desk: present }) {
  const at = place.at.value;
  const Dialog = present.dialog.value ? DIALOGS[present.dialog.value] : null;
  return html`
    <div class=${`desk desk--${at.name} ${at.side ? "desk--side" : ""}`}>
      <${Rail} desk=${present} onLeave=${leave} onSpeak=${choose} />
      <${Banner} desk=${present} />
      ${at.name === "wallboard"
        ? html`<${Wallboard} desk=${present} />`
        : html`
            <${List} desk=${present} />
            <${Conversation} key=${at.id} desk=${present} id=${at.id} />
            ${at.id ? html`<${Side} desk=${present} id=${at.id} />` : null}
          `}
      <div class="floating">
        <${Notices} desk=${present} />
        <${Offers} desk=${present} />
      </div>
      <p class="visually-hidden" role="status">${present.announcement.value}</p>
      ${Dialog ? html`<${Dialog} desk=${present} />` : null}
    </div>
  `;
}

/** @param {string} language */
function choose(language) {
  keep("language", language);
  speak(language);
}

function Page() {
  if (!isKnown.value) return html`<p class="visually-hidden" role="status">…</p>`;
  if (desk.value) return html`<${Desk} key=${desk.value.state.me.peek().id} desk=${desk.value} />`;
  return html`<${Login} api=${api} i18n=${i18n} onLogin=${begin} onSpeak=${choose} />`;
}

effect(() => {
  const theme = recall("theme");
  if (theme) document.documentElement.dataset.theme = theme;
});
await speak();
render(html`<${Page} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
listenToKeys(desk);
try {
  begin(await api.me());
} catch (error) {
  if (!(error instanceof Problem)) throw error;
}
isKnown.value = true;
