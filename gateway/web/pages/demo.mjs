/** The demo's entrance: what is here, how to try it, who can log in, and where simulated customers write. */

import { render } from "preact";
import { html } from "/web/shared/html.mjs";
import { createI18n, LANGUAGES, pickLanguage } from "/web/shared/i18n.mjs";

/** @typedef {{login: string, password: string, name: string, role: string, groups: string[]}} Login */
/** @typedef {{logins: Login[], platforms: {name: string, url: string}[]}} Facts */

const PLACES = Object.freeze([
  { name: "shop", url: "/demo/shop" },
  { name: "desk", url: "/desk/" },
  { name: "admin", url: "/admin/" },
  { name: "rest", url: "/api/" },
]);
const STEPS = Object.freeze(["one", "two", "three", "four", "five"]);
const OWN_NAMES = Object.freeze({ "zh-CN": "简体中文", "zh-TW": "繁體中文", en: "English" });

const i18n = createI18n("/web/pages/locales/");
const { t } = i18n;

/** @param {{url: string, title: string, words: string}} props */
function Place({ url, title, words }) {
  return html`<li><a class="card" href=${url} target="_blank" rel="noopener"><strong>${title}</strong>${words}</a></li>`;
}

/** @param {{facts: Facts}} props */
function Entrance({ facts }) {
  document.title = t("title");
  return html`
    <main class="page">
      <nav class="languages" aria-label=${t("languages")}>
        ${LANGUAGES.map(
          (tag) => html`
            <button type="button" lang=${tag} aria-pressed=${i18n.language.value === tag} onClick=${() => i18n.use(tag)}>
              ${OWN_NAMES[/** @type {keyof typeof OWN_NAMES} */ (tag)]}
            </button>
          `,
        )}
      </nav>
      <h1>Pointsman</h1>
      <p class="lead">${t("lead")}</p>
      <ul class="cards">
        ${PLACES.map(({ name, url }) => html`<${Place} key=${url} url=${url} title=${t(`${name}.title`)} words=${t(`${name}.words`)} />`)}
        ${facts.platforms.map(
          ({ name, url }) => html`<${Place} key=${url} url=${url} title=${t("customers.title", { name })} words=${t("customers.words", { name })} />`,
        )}
      </ul>
      <h2>${t("try")}</h2>
      <ol>
        ${STEPS.map((step) => html`<li key=${step}>${t(`step.${step}`)}</li>`)}
      </ol>
      <h2>${t("logins")}</h2>
      <div class="scroller" tabindex="0" role="region" aria-label=${t("logins")}>
        <table class="table">
          <thead>
            <tr>${["login", "password", "who", "groups"].map((name) => html`<th key=${name} scope="col">${t(`column.${name}`)}</th>`)}</tr>
          </thead>
          <tbody>
            ${facts.logins.map(
              (login) => html`
                <tr key=${login.login}>
                  <td><code>${login.login}</code></td>
                  <td><code>${login.password}</code></td>
                  <td>${login.name}</td>
                  <td>${login.groups.join(", ") || login.role}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    </main>
  `;
}

const facts = /** @type {Facts} */ (await (await fetch("/demo/facts")).json());
await i18n.use(pickLanguage(navigator.languages));
render(html`<${Entrance} facts=${facts} />`, /** @type {HTMLElement} */ (document.getElementById("app")));
