/** The rules: the three files in the editor, and beside it what they do to a message and what is wrong with them. */

import { effect, html, useEffect, useLayoutEffect, useRef } from "/web/shared/html.mjs";
import { Icon } from "/desk/icons.mjs";
import { createCompletion } from "./completion.mjs";
import { openEditor } from "./editor.mjs";
import { Findings } from "./findings.mjs";
import { FILES, addressOf } from "./place.mjs";
import { Try } from "./try.mjs";

const PHRASES = Object.freeze(["Find", "Replace", "next", "previous", "all", "match case", "by word", "regexp", "replace", "replace all", "close", "Go to line", "go", "Fold line", "Unfold line", "folded code", "unfold", "Diagnostics", "No diagnostics", "Completions"]);

/** CodeMirror's own words. @param {(key: string) => string} t */
const phrasesOf = (t) => Object.fromEntries(PHRASES.map((phrase) => [phrase, t(`editor.${phrase.toLowerCase().replaceAll(" ", "_")}`)]));

/** @param {{admin: import("./admin.mjs").Admin, file: string}} props */
function Yaml({ admin, file }) {
  const { t, draft, place, i18n } = admin;
  const host = useRef(/** @type {HTMLDivElement | null} */ (null));
  const revision = draft.revision.value;
  const language = i18n.language.value;
  /** The question whose deciding rule was last brought into sight: whoever edits is not led away. */
  const followed = useRef(/** @type {any} */ (null));

  useLayoutEffect(() => {
    const editor = openEditor({
      host: /** @type {HTMLDivElement} */ (host.current),
      text: draft.texts.peek()[file],
      label: t("rules.editor", { file }),
      phrases: phrasesOf(t),
      complete: createCompletion(file, () => draft.texts.peek(), admin.schemas.then((schemas) => schemas[file]), (kind) => t(`kind.${kind}`)),
      onChange: (text) => draft.write(file, text),
      onReview: () => place.go({ page: "review" }),
    });
    const stops = [
      effect(() => editor.mark((admin.found.value?.problems ?? []).filter((problem) => problem.file === file), t("rules.take"))),
      effect(() => {
        const lines = file === FILES[0] ? litLines(admin.trial.answer.value) : [];
        const deciding = lines.at(-1);
        editor.light(lines);
        if (!deciding || admin.trial.question.peek() === followed.current) return;
        followed.current = admin.trial.question.peek();
        editor.reveal(deciding);
      }),
      effect(() => {
        const target = admin.jump.value;
        if (target?.file !== file) return;
        admin.jump.value = null;
        editor.go(target.line, target.column);
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      editor.close();
    };
  }, [file, revision, language]);

  return html`<div ref=${host} class="yaml" id="editor"></div>`;
}

/** The lines of the rules that a tried message met. @param {any} answer @returns {number[]} */
const litLines = (answer) => (answer?.rules ?? []).filter((/** @type {any} */ rule) => rule.matched).map((/** @type {any} */ rule) => rule.line);

/** @param {{admin: import("./admin.mjs").Admin}} props */
function Tabs({ admin }) {
  const { t, place, draft, found } = admin;
  const { file: here, panel } = place.at.value;
  return html`
    <nav class="files" aria-label=${t("rules.files")}>
      ${FILES.map((file) => {
        const problems = (found.value?.problems ?? []).filter((problem) => problem.file === file);
        const errors = problems.filter((problem) => problem.severity === "error").length;
        const isChanged = draft.changed.value.includes(file);
        return html`
          <a class="files__file" href=${addressOf({ file, panel })} aria-current=${here === file ? "page" : undefined} onClick=${place.follow}>
            ${file}
            ${isChanged ? html`<span class="files__changed" title=${t("rules.changed")}><span class="visually-hidden">${t("rules.changed")}</span></span>` : null}
            ${errors > 0 ? html`<span class="badge" aria-label=${t("rules.errors", { count: errors })}>${errors}</span>` : null}
          </a>
        `;
      })}
    </nav>
  `;
}

/** What the server thinks, in a few words. @param {{admin: import("./admin.mjs").Admin}} props */
function Verdict({ admin }) {
  const { t, found, errors, isChecking } = admin;
  const warnings = (found.value?.problems.length ?? 0) - errors.value.length;
  const failed = found.value?.tests.filter((test) => !test.passed).length ?? 0;
  const tone = !found.value ? "" : errors.value.length ? "danger" : warnings ? "warn" : "good";
  const words = !found.value
    ? t("rules.checking")
    : errors.value.length
      ? t("rules.errors", { count: errors.value.length })
      : warnings
        ? t("rules.warnings", { count: warnings })
        : t("rules.sound");
  return html`
    <span class=${`verdict verdict--${tone}`} role="status" aria-busy=${isChecking.value}>
      <${Icon} name=${tone === "good" ? "check" : tone ? "alert" : "hourglass"} />${words}
      ${found.value?.tests.length ? html`<span class="verdict__tests">${t("rules.tests", { passed: found.value.tests.length - failed, count: found.value.tests.length })}</span>` : null}
    </span>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Rules({ admin }) {
  const { t, place, draft, found } = admin;
  const { file, panel } = place.at.value;
  const isChanged = draft.changed.value.length > 0;
  const count = (found.value?.problems.length ?? 0) + (found.value?.tests.filter((test) => !test.passed).length ?? 0);

  useEffect(() => {
    document.title = `${t("page.rules")} · Pointsman`;
  });

  return html`
    <main class="rules">
      <header class="rules__head">
        <h1 class="rules__title">${t("page.rules")}<span class="tag">${t("rules.version", { version: draft.base.value.version })}</span></h1>
        <${Verdict} admin=${admin} />
        <span class="rules__actions">
          <button type="button" class="button button--quiet" disabled=${!isChanged} onClick=${admin.discard}>${t("rules.discard")}</button>
          <button type="button" class="button button--primary" disabled=${!isChanged} onClick=${() => place.go({ page: "review" })}>${t("rules.review")}</button>
        </span>
      </header>
      <section class="rules__editor" aria-label=${file}>
        <${Tabs} admin=${admin} />
        <${Yaml} key=${file} admin=${admin} file=${file} />
      </section>
      <section class="rules__side">
        <nav class="segments rules__panels" aria-label=${t("rules.panels")}>
          <a class="segment" href=${addressOf({ file, panel: "try" })} aria-current=${panel === "try" ? "page" : undefined} onClick=${place.follow}>${t("panel.try")}</a>
          <a class="segment" href=${addressOf({ file, panel: "problems" })} aria-current=${panel === "problems" ? "page" : undefined} onClick=${place.follow}>
            ${t("panel.problems")}${count > 0 ? html` <span class="tag">${count}</span>` : null}
          </a>
        </nav>
        ${panel === "try" ? html`<${Try} admin=${admin} />` : html`<${Findings} admin=${admin} />`}
      </section>
    </main>
  `;
}
