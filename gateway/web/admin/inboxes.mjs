/** The inboxes: where contacts write from, whether each is connected and heard from, and how to set one up. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "/desk/icons.mjs";
import { FILES, addressOf } from "./place.mjs";
import { Prose } from "./prose.mjs";

/** @type {Record<string, import("/desk/icons.mjs").IconName>} */
const ICONS = Object.freeze({ connected: "check", listening: "check", restarting: "again", given_up: "alert", disabled: "pause", waiting: "hourglass" });
const GOOD = Object.freeze(["connected", "listening"]);

/** @param {{admin: import("./admin.mjs").Admin, inbox: any, setup: string}} props */
function Inbox({ admin, inbox, setup }) {
  const { t, i18n, place, notices } = admin;
  const isOpen = place.at.value.id === inbox.id;

  async function copy() {
    await navigator.clipboard.writeText(inbox.webhook);
    notices.say(t("dialog.copied"));
  }

  return html`
    <li class="card">
      <header class="card__head">
        <h2 class="card__title">${inbox.name || inbox.id} <code>${inbox.id}</code></h2>
        <span class=${`tag ${GOOD.includes(inbox.state) ? "tag--good" : inbox.state === "given_up" ? "tag--bad" : ""}`}><${Icon} name=${ICONS[inbox.state] ?? "question"} />${t(`inbox.${inbox.state}`)}</span>
      </header>
      <dl class="facts">
        <dt>${t("inboxes.channel")}</dt><dd>${admin.channelName(inbox.channel)}</dd>
        <dt>${t("inboxes.last")}</dt><dd>${inbox.last_received_at ? admin.when(inbox.last_received_at) : t("inboxes.never")}</dd>
        <dt>${t("inboxes.today")}</dt><dd>${t("inboxes.counts", { received: i18n.number(inbox.received), sent: i18n.number(inbox.sent), rejected: i18n.number(inbox.rejected) })}</dd>
        ${inbox.webhook ? html`<dt>${t("inboxes.webhook")}</dt><dd class="facts__address"><code>${inbox.webhook}</code><button type="button" class="icon-button" aria-label=${t("dialog.copy")} onClick=${copy}><${Icon} name="file" /></button></dd>` : null}
      </dl>
      ${setup
        ? html`
            <p class="card__foot">
              <a class="button" href=${addressOf(isOpen ? { page: "inboxes" } : { page: "inboxes", id: inbox.id })} aria-expanded=${isOpen} onClick=${place.follow}>${t(isOpen ? "inboxes.hide" : "inboxes.setup")}</a>
            </p>
          `
        : null}
      ${isOpen && setup ? html`<${Prose} text=${setup} />` : null}
    </li>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Inboxes({ admin }) {
  const { t, api, place } = admin;
  const [found, setFound] = useState(/** @type {any} */ (null));

  useEffect(() => {
    document.title = `${t("page.inboxes")} · Pointsman`;
    api.inboxes().then(setFound, admin.fail);
  }, []);

  return html`
    <main class="sheet">
      <header class="sheet__head">
        <h1 class="rules__title">${t("page.inboxes")}</h1>
        <p class="sheet__lead">${t("inboxes.lead")} <a href=${addressOf({ file: FILES[2] })} onClick=${place.follow}>inboxes.yaml</a></p>
      </header>
      <ul class="cards">
        ${(found?.items ?? []).map((/** @type {any} */ inbox) => html`<${Inbox} key=${inbox.id} admin=${admin} inbox=${inbox} setup=${found.setup[inbox.channel] ?? ""} />`)}
      </ul>
    </main>
  `;
}
