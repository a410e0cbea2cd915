/** Two texts side by side, or one below the other where there is no room; unchanged stretches are folded. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";
import { EditorState, EditorView, MergeView, unifiedMergeView } from "codemirror";
import { READING, rootOf } from "./editor.mjs";

const WIDE = "(min-width: 60rem)";
const FOLD = Object.freeze({ margin: 3, minSize: 6 });

/** @param {{before: string, after: string, names: [string, string], t: (key: string, values?: any) => string}} props */
export function Compare({ before, after, names, t }) {
  const host = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [isWide, setWide] = useState(matchMedia(WIDE).matches);

  useEffect(() => {
    const media = matchMedia(WIDE);
    const change = () => setWide(media.matches);
    media.addEventListener("change", change);
    return () => media.removeEventListener("change", change);
  }, []);

  useLayoutEffect(() => {
    const root = rootOf(/** @type {HTMLDivElement} */ (host.current));
    const phrases = EditorState.phrases.of({ "$ unchanged lines": t("compare.unchanged") });
    const side = (/** @type {string} */ label) => [
      ...READING, EditorState.readOnly.of(true), phrases, EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", "aria-readonly": "true" }),
    ];
    const view = isWide
      ? new MergeView({ root, parent: /** @type {any} */ (root), a: { doc: before, extensions: side(names[0]) }, b: { doc: after, extensions: side(names[1]) }, collapseUnchanged: FOLD, gutter: true })
      : new EditorView({
          root, parent: root, doc: after,
          extensions: [...side(names[1]), unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: FOLD, gutter: true })],
        });
    return () => {
      view.destroy();
      root.replaceChildren();
    };
  }, [before, after, isWide, t("compare.unchanged")]);

  return html`
    <figure class="compare">
      ${isWide ? html`<figcaption class="compare__names"><span>${names[0]}</span><span>${names[1]}</span></figcaption>` : null}
      <div ref=${host} class="compare__texts"></div>
    </figure>
  `;
}
