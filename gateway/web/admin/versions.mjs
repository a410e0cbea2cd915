/** Every version that was applied, the newest first: who, when, why; what it changed; and the way back to it. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Problem, problemInWords } from "/desk/api.mjs";
import { Dialog } from "/desk/dialog.mjs";
import { Icon } from "/desk/icons.mjs";
import { Compare } from "./compare.mjs";
import { FILES, addressOf } from "./place.mjs";

const FROM_FILES = "files";

/** @param {{admin: import("./admin.mjs").Admin, id: string}} props */
function Version({ admin, id }) {
  const { t, api, present } = admin;
  const [found, setFound] = useState(/** @type {any} */ (null));
  const now = present.value;

  useEffect(() => {
    setFound(null);
    api.version(id).then(setFound, admin.fail);
  }, [id]);

  if (!found) return html`<p class="calm" aria-busy="true">${t("rules.checking")}</p>`;
  const changed = FILES.filter((file) => found.files[file] !== now.files[file]);
  return html`
    <section class="step" aria-label=${t("versions.which", { version: found.number })}>
      <h2 class="step__title">
        ${t("versions.against", { version: found.number, present: now.version })}
        ${found.number === now.version ? null : html`<button type="button" class="button" onClick=${() => (admin.dialog.value = "rollback")}><${Icon} name="again" />${t("versions.back", { version: found.number })}</button>`}
      </h2>
      ${changed.length === 0 ? html`<p class="calm"><${Icon} name="check" />${t("versions.same")}</p>` : null}
      ${changed.map(
        (file) => html`<div key=${file}><h3 class="review__file">${file}</h3><${Compare} before=${found.files[file]} after=${now.files[file]} names=${[t("review.version", { version: found.number }), t("versions.present", { version: now.version })]} t=${t} /></div>`,
      )}
    </section>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin, version: number, onDone: () => void}} props */
function Rollback({ admin, version, onDone }) {
  const { t, api, notices, draft } = admin;
  const [problem, setProblem] = useState("");
  const isDirty = draft.changed.value.length > 0;

  async function goBack() {
    try {
      const applied = await api.rollBack(version);
      await admin.refresh();
      admin.dialog.value = "";
      notices.say(t("versions.done", { version, number: applied.number }));
      admin.place.go({ id: "" });
      onDone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.kind === "not-applicable" ? error.detail : problemInWords(error, t));
    }
  }

  return html`
    <${Dialog} desk=${admin} title=${t("versions.back", { version })}>
      <p class="dialog__text">${t("versions.ask", { version })}</p>
      ${isDirty ? html`<p class="dialog__text">${t("versions.dirty")}</p>` : null}
      ${problem ? html`<p class="try__problem" role="alert"><${Icon} name="alert" />${problem}</p>` : null}
      <p class="dialog__foot">
        <button type="button" class="button" onClick=${() => (admin.dialog.value = "")}>${t("dialog.cancel")}</button>
        <button type="button" class="button button--primary" onClick=${goBack}>${t("versions.back", { version })}</button>
      </p>
    <//>
  `;
}

/** @param {{admin: import("./admin.mjs").Admin}} props */
export function Versions({ admin }) {
  const { t, api, place, present } = admin;
  const { id } = place.at.value;
  const [items, setItems] = useState(/** @type {any[]} */ ([]));
  const [next, setNext] = useState("");

  const load = async () => {
    const page = await api.versions();
    setItems(page.items);
    setNext(page.next ?? "");
  };

  async function more() {
    const page = await api.versions(next);
    setItems([...items, ...page.items]);
    setNext(page.next ?? "");
  }

  useEffect(() => {
    document.title = `${t("page.versions")} · Pointsman`;
    Promise.all([load(), admin.refresh()]).catch(admin.fail);
  }, []);

  return html`
    <main class="sheet">
      <header class="sheet__head">
        <h1 class="rules__title">${t("page.versions")}</h1>
        <p class="sheet__lead">${t("versions.lead")}</p>
      </header>
      <ol class="versions">
        ${items.map(
          (version) => html`
            <li key=${version.number}>
              <a class="version" href=${addressOf({ page: "versions", id: String(version.number) })} aria-current=${String(version.number) === id ? "true" : undefined} onClick=${place.follow}>
                <span class="version__number">${version.number}</span>
                <span class="version__words">
                  <span class="version__why">${version.message}</span>
                  <span class="version__who">${version.author === FROM_FILES ? t("versions.files") : admin.agentName(version.author)} · ${admin.when(version.at)} · <code>${version.fingerprint.slice(0, 8)}</code></span>
                </span>
                ${version.number === present.value.version ? html`<span class="tag tag--good"><${Icon} name="check" />${t("versions.in_force")}</span>` : null}
              </a>
              ${String(version.number) === id ? html`<${Version} admin=${admin} id=${id} />` : null}
            </li>
          `,
        )}
      </ol>
      ${next ? html`<button type="button" class="button" onClick=${() => more().catch(admin.fail)}>${t("versions.more")}</button>` : null}
      ${admin.dialog.value === "rollback" && id ? html`<${Rollback} admin=${admin} version=${Number(id)} onDone=${() => load().catch(admin.fail)} />` : null}
    </main>
  `;
}
