/** Somebody was faster: what they applied, what we want, where both meet, and a way to join the two. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "/desk/icons.mjs";
import { Compare } from "./compare.mjs";
import { Meaning } from "./meaning.mjs";
import { merge } from "./merge.mjs";
import { FILES } from "./place.mjs";

/** @param {{admin: import("./admin.mjs").Admin, refusal: import("/desk/api.mjs").Problem, onDone: () => void}} props */
export function Stale({ admin, refusal, onDone }) {
  const { t, api, draft, notices } = admin;
  const [theirs, setTheirs] = useState(/** @type {any} */ (null));
  const { theirs: changes = [], yours = [], both = [] } = refusal.more;
  const base = draft.base.value;

  useEffect(() => {
    api.routing().then((fresh) => {
      admin.present.value = fresh;
      setTheirs(fresh);
    }, admin.fail);
  }, []);

  if (!theirs) return html`<p class="calm" role="alert">${t("stale.title", { version: refusal.more.version })}</p>`;
  const joined = FILES.map((file) => ({ file, ...merge(base.files[file], draft.texts.value[file], theirs.files[file]) }));
  const conflicts = joined.reduce((sum, { conflicts: count }) => sum + count, 0);

  function join() {
    draft.replace({ version: theirs.version, files: theirs.files }, Object.fromEntries(joined.map(({ file, text }) => [file, text])));
    notices.say(t(conflicts ? "stale.joined_conflicts" : "stale.joined", { version: theirs.version, count: conflicts }), conflicts ? "danger" : "good");
    onDone();
  }

  return html`
    <section class="stale" aria-labelledby="stale-title">
      <div role="alert"><h3 id="stale-title" class="refusal__title"><${Icon} name="alert" />${t("stale.title", { version: theirs.version })}</h3></div>
      <p>${t("stale.text", { base: base.version })}</p>
      ${changes.length || yours.length
        ? html`
            <div class="stale__two">
              <div><h4 class="panel__title">${t("stale.theirs")}</h4><${Meaning} t=${t} differences=${changes} marked=${both} /></div>
              <div><h4 class="panel__title">${t("stale.yours")}</h4><${Meaning} t=${t} differences=${yours} marked=${both} /></div>
            </div>
          `
        : null}
      ${FILES.filter((file) => theirs.files[file] !== base.files[file]).map(
        (file) => html`<div key=${file}><h4 class="review__file">${file}</h4><${Compare} before=${base.files[file]} after=${theirs.files[file]} names=${[t("review.version", { version: base.version }), t("stale.version", { version: theirs.version })]} t=${t} /></div>`,
      )}
      <p class="stale__foot">
        <span>${conflicts ? t("stale.conflicts", { count: conflicts }) : t("stale.clean")}</span>
        <button type="button" class="button button--primary" onClick=${join}>${t("stale.join", { version: theirs.version })}</button>
      </p>
    </section>
  `;
}
