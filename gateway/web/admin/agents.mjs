/** The agents: who is known, who can log in, and a link with which somebody chooses a password. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Problem, problemInWords } from "/desk/api.mjs";
import { Dialog } from "/desk/dialog.mjs";
import { Icon } from "/desk/icons.mjs";
import { Avatar } from "/desk/person.mjs";
import { Misses } from "./misses.mjs";
import { FILES, addressOf } from "./place.mjs";

/** @param {{admin: import("./admin.mjs").Admin, agent: any}} props */
function Invitation({ admin, agent }) {
  const { t, api, notices } = admin;
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState("");

  async function invite() {
    try {
      setFound(await api.invite(agent.id));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(problemInWords(error, t));
    }
  }

  async function copy() {
    await navigator.clipboard.writeText(found.url);
    notices.say(t("dialog.copied"));
  }

  return html`
    <${Dialog} desk=${admin} title=${t("agents.invite_name", { name: agent.name })}>
      <p class="dialog__text">${t("agents.explain")}</p>
      ${problem ? html`<p class="try__problem" role="alert"><${Icon} name="alert" />${problem}</p>` : null}
      ${found
        ? html`
            <label class="label" for="invitation">${t("agents.link")}</label>
            <div class="apply__row">
              <input class="field" id="invitation" readonly value=${found.url} onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
              <button type="button" class="button button--primary" onClick=${copy}>${t("dialog.copy")}</button>
            </div>
            <p class="apply__note">${t("agents.until", { when: admin.when(found.until) })}</p>
          `
        : html`<p class="dialog__foot"><button type="button" class="button button--primary" onClick=${invite}>${t("agents.make")}</button></p>`}
    <//>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Agents({ admin }) {
  const { t, api, place, agents } = admin;
  const [invited, setInvited] = useState(/** @type {any} */ (null));

  useEffect(() => {
    document.title = `${t("page.agents")} · Pointsman`;
    api.agents().then((answer) => (agents.value = answer.items), admin.fail);
  }, []);

  return html`
    <main class="sheet">
      <header class="sheet__head">
        <h1 class="rules__title">${t("page.agents")}</h1>
        <p class="sheet__lead">${t("agents.lead")} <a href=${addressOf({ file: FILES[1] })} onClick=${place.follow}>agents.yaml</a></p>
      </header>
      <ul class="cards">
        ${agents.value.map(
          (agent) => html`
            <li key=${agent.id} class="card">
              <header class="card__head">
                <${Avatar} name=${agent.name} of=${agent.id} state="" />
                <h2 class="card__title">${agent.name}${agent.alias ? html` <span class="card__alias">${agent.alias}</span>` : null} <code>${agent.id}</code></h2>
                <span class="tag">${agent.kind === "bot" ? html`<${Icon} name="bot" />` : null}${agent.kind === "bot" ? t("agents.bot") : t(`role.${agent.role}`)}</span>
              </header>
              <p class="chips">
                ${agent.groups.map((/** @type {string} */ group) => html`<span class="tag"><${Icon} name="people" />${admin.groupName(group)}</span>`)}
                ${Object.entries(agent.skills).map(([skill, level]) => html`<span class="tag">${skill} ${level}</span>`)}
              </p>
              ${agent.kind === "bot"
                ? html`<${Misses} admin=${admin} bot=${agent.id} isOpen=${place.at.value.id === agent.id} />`
                : html`
                    <p class="card__foot">
                      <button type="button" class="button" onClick=${() => {
                        setInvited(agent);
                        admin.dialog.value = "invite";
                      }}>${t("agents.invite")}</button>
                    </p>
                  `}
            </li>
          `,
        )}
      </ul>
      ${admin.dialog.value === "invite" && invited ? html`<${Invitation} key=${invited.id} admin=${admin} agent=${invited} />` : null}
    </main>
  `;
}
