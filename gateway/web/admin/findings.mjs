/** What the server found in the draft: every problem with its place and what was probably meant, and the file's own tests. */

import { html } from "/web/shared/html.mjs";
import { Icon } from "/desk/icons.mjs";
import { FILES } from "./place.mjs";

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Findings({ admin }) {
  const { t, found, show } = admin;
  const { problems = [], tests = [] } = found.value ?? {};
  return html`
    <div class="findings">
      ${found.value && problems.length === 0 ? html`<p class="calm"><${Icon} name="check" />${t("findings.none")}</p>` : null}
      <ul class="findings__list">
        ${problems.map(
          (problem) => html`
            <li>
              <button type="button" class=${`finding finding--${problem.severity}`} onClick=${() => show(problem.file, problem.line, problem.column)}>
                <${Icon} name="alert" />
                <span class="finding__words">
                  <span class="finding__where">${t(`severity.${problem.severity}`)} ${problem.code} · ${problem.file}:${problem.line}:${problem.column}</span>
                  <span class="finding__what">${problem.message}</span>
                  ${problem.suggestion ? html`<span class="finding__hint">${problem.suggestion}</span>` : null}
                </span>
              </button>
            </li>
          `,
        )}
      </ul>
      ${tests.length === 0
        ? null
        : html`
            <h2 class="panel__title">${t("findings.tests")}</h2>
            <ul class="findings__list">
              ${tests.map(
                (test) => html`
                  <li>
                    <button type="button" class=${`finding finding--${test.passed ? "passed" : "error"}`} onClick=${() => show(FILES[0], test.line)}>
                      <${Icon} name=${test.passed ? "check" : "close"} />
                      <span class="finding__words">
                        <span class="finding__where">${t(test.passed ? "findings.passed" : "findings.failed", { line: test.line })}</span>
                        ${test.passed ? null : html`<span class="finding__what">${t("findings.got", { got: test.got })}</span>`}
                      </span>
                    </button>
                  </li>
                `,
              )}
            </ul>
          `}
    </div>
  `;
}
