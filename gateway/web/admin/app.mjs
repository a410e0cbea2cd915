/** The administrator's page: finds out who is here, shows the login or the page, and lays it out. */

import { html, render, signal } from "/web/shared/html.mjs";
import { createI18n, pickLanguage } from "/web/shared/i18n.mjs";
import { Problem } from "/desk/api.mjs";
import { Icon } from "/desk/icons.mjs";
import { Login } from "/desk/login.mjs";
import { keep, recall } from "/desk/memory.mjs";
import { Notices } from "/desk/notices.mjs";
import { createAdmin } from "./admin.mjs";
import { Agents } from "./agents.mjs";
import { createApi } from "./api.mjs";
import { Coverage } from "./coverage.mjs";
import { Inboxes } from "./inboxes.mjs";
import { createPlace } from "./place.mjs";
import { Rail } from "./rail.mjs";
import { Review } from "./review.mjs";
import { Rules } from "./rules.mjs";
import { Versions } from "./versions.mjs";

const PAGES = Object.freeze({ rules: Rules, review: Review, versions: Versions, coverage: Coverage, inboxes: Inboxes, agents: Agents });

const i18n = createI18n("/admin/locales/", "/web/shared/reasons/");
const place = createPlace();
const admin = signal(/** @type {import("./admin.mjs").Admin | null} */ (null));
const isRefused = signal(false);
const isKnown = signal(false);
const api = createApi(lose);

/** The session has ended: back to the login; the draft stays on this device. */
function lose() {
  admin.peek()?.close();
  admin.value = null;
}

/** @param {any} me */
async function begin(me) {
  isRefused.value = me.role !== "admin";
  if (isRefused.value) return;
  const routing = await api.routing();
  admin.peek()?.close();
  admin.value = createAdmin({ me, api, place, i18n, routing, onLost: lose });
}

async function leave() {
  try {
    await api.logOut();
  } finally {
    isRefused.value = false;
    lose();
  }
}

/** @param {string} [chosen] */
const speak = (chosen) => i18n.use(pickLanguage([...(chosen ? [chosen] : []), recall("language"), ...navigator.languages].filter(Boolean)));

/** @param {string} language */
function choose(language) {
  keep("language", language);
  speak(language);
}

/** Somebody else's login. */
function Refusal() {
  return html`
    <main class="login">
      <div class="login__card">
        <h1 class="login__title">${i18n.t("refusal.title")}</h1>
        <p>${i18n.t("refusal.text")}</p>
        <a class="button button--primary" href="/desk/">${i18n.t("refusal.desk")}</a>
        <button type="button" class="button" onClick=${leave}>${i18n.t("menu.leave")}</button>
      </div>
    </main>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
function Admin({ admin: present }) {
  const { page } = place.at.value;
  const Shown = PAGES[/** @type {keyof typeof PAGES} */ (page)];
  const { problem } = present.present.value;
  return html`
    <div class=${`admin admin--${page}`}>
      <${Rail} admin=${present} onLeave=${leave} onSpeak=${choose} />
      <div class="banners">
        ${problem ? html`<p class="banner"><${Icon} name="alert" />${i18n.t("banner.config", { problem })}</p>` : null}
      </div>
      <${Shown} admin=${present} />
      <div class="floating"><${Notices} desk=${present} /></div>
    </div>
  `;
}

function Page() {
  if (!isKnown.value) return html`<p class="visually-hidden" role="status">…</p>`;
  if (isRefused.value) return html`<${Refusal} />`;
  if (admin.value) return html`<${Admin} admin=${admin.value} />`;
  return html`<${Login} api=${api} i18n=${i18n} onLogin=${begin} onSpeak=${choose} />`;
}

const theme = recall("theme");
if (theme) document.documentElement.dataset.theme = theme;
await speak();
render(html`<${Page} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
try {
  await begin(await api.me());
} catch (error) {
  if (!(error instanceof Problem)) throw error;
}
isKnown.value = true;
