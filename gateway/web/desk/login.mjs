/** The way in: login, password, clear words when they are wrong, and the demo's logins when this is the demo. */

import { html, useEffect, useRef, useState } from "/web/shared/html.mjs";
import { LANGUAGES } from "/web/shared/i18n.mjs";
import { problemInWords } from "./api.mjs";
import { Icon, Mark } from "./icons.mjs";

export const LANGUAGE_NAMES = Object.freeze({ "zh-CN": "简体中文", "zh-TW": "繁體中文", en: "English" });

/**
 * @param {{
 *   api: import("./api.mjs").Api, i18n: ReturnType<typeof import("/web/shared/i18n.mjs").createI18n>,
 *   onLogin: (me: any) => void, onSpeak: (language: string) => void
 * }} props
 */
export function Login({ api, i18n, onLogin, onSpeak }) {
  const { t } = i18n;
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [demo, setDemo] = useState(/** @type {{login: string, name: string, password: string}[]} */ ([]));

  useEffect(() => {
    api.demoLogins().then(setDemo);
  }, []);

  /** @param {string} login @param {string} password */
  async function enter(login, password) {
    setBusy(true);
    setProblem("");
    try {
      await api.logIn(login, password);
      onLogin(await api.me());
    } catch (error) {
      setProblem(problemInWords(error, t));
      setBusy(false);
    }
  }

  /** @param {Event} event */
  function onSubmit(event) {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (form.current));
    enter(String(fields.get("login")).trim(), String(fields.get("password")));
  }

  return html`
    <main class="login">
      <div class="login__card">
        <header class="login__head">
          <span class="login__mark"><${Mark} /></span>
          <h1 class="login__title">Pointsman</h1>
          <p class="login__text">${t("login.text")}</p>
        </header>
        <form ref=${form} class="login__form" onSubmit=${onSubmit}>
          <div>
            <label class="label" for="login">${t("login.login")}</label>
            <input class="field login__field" id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck=${false} required autofocus />
          </div>
          <div>
            <label class="label" for="password">${t("login.password")}</label>
            <input class="field login__field" id="password" name="password" type="password" autocomplete="current-password" required />
          </div>
          <p class="login__problem" role="alert" hidden=${!problem}><${Icon} name="alert" />${problem}</p>
          <button class="button button--primary login__button" disabled=${isBusy}>${t(isBusy ? "login.busy" : "login.enter")}</button>
        </form>
        ${demo.length === 0
          ? null
          : html`
              <section class="login__demo">
                <h2 class="label">${t("login.demo")}</h2>
                <ul class="login__people">
                  ${demo.map(
                    (person) => html`
                      <li>
                        <button type="button" class="button login__person" disabled=${isBusy} onClick=${() => enter(person.login, person.password)}>
                          <span class="avatar" aria-hidden="true">${[...person.name][0]}</span>
                          <span class="login__name">${person.name}<small class="login__id">${person.login}</small></span>
                        </button>
                      </li>
                    `,
                  )}
                </ul>
              </section>
            `}
      </div>
      <nav class="login__languages" aria-label=${t("menu.language")}>
        ${LANGUAGES.map(
          (language) => html`
            <button type="button" class="text-button" lang=${language} aria-pressed=${i18n.language.value === language} onClick=${() => onSpeak(language)}>
              ${LANGUAGE_NAMES[/** @type {keyof typeof LANGUAGE_NAMES} */ (language)]}
            </button>
          `,
        )}
      </nav>
    </main>
  `;
}
