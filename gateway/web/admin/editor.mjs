/**
 * The YAML editor: CodeMirror in a shadow root, where it brings its styles as constructed sheets, so that the page's content
 * policy needs no exception. It knows text, findings and lit lines; what they mean is its caller's business.
 */

import {
  Compartment, Decoration, EditorSelection, EditorState, EditorView, HighlightStyle, StateEffect, StateField, autocompletion, bracketMatching,
  closeBrackets, closeBracketsKeymap, codeFolding, completionKeymap, defaultKeymap, drawSelection, foldGutter, foldKeymap,
  highlightActiveLine, highlightActiveLineGutter, highlightSelectionMatches, highlightSpecialChars, history, historyKeymap, indentOnInput,
  indentUnit, keymap, lineNumbers, lintGutter, lintKeymap, search, searchKeymap, setDiagnostics, syntaxHighlighting, tags, yaml,
} from "codemirror";

const COLOURS = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: "var(--text-link)" },
  { tag: tags.propertyName, color: "var(--text-link)" },
  { tag: tags.comment, color: "var(--text-faint)", fontStyle: "italic" },
  { tag: tags.string, color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.atom], color: "var(--info)" },
  { tag: [tags.punctuation, tags.separator, tags.bracket, tags.squareBracket, tags.brace], color: "var(--text-soft)" },
]);

/** The look, of the same tokens as everything else. */
export const LOOK = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "var(--text-s)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "var(--leading-loose)" },
  ".cm-content": { caretColor: "var(--accent)", paddingBlock: "var(--space-3)" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "var(--stroke)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-line)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-faint)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { paddingInline: "var(--space-2) var(--space-1)", minWidth: "var(--space-8)" },
  ".cm-activeLine": { backgroundColor: "var(--surface-hover)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--surface-hover)", color: "var(--text)" },
  ".cm-lit": { backgroundColor: "var(--good-soft)", boxShadow: "inset var(--space-1) 0 0 var(--good)" },
  ".cm-selectionMatch": { backgroundColor: "var(--note-soft)" },
  ".cm-searchMatch": { backgroundColor: "var(--note-soft)", outline: "var(--hairline) solid var(--note-line)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--note-line)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)", outline: "var(--hairline) solid var(--accent-line)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--surface-sunken)", border: "none", color: "var(--text-soft)", paddingInline: "var(--space-2)" },
  ".cm-panels": { backgroundColor: "var(--surface-sunken)", color: "var(--text)", fontFamily: "var(--font)", borderColor: "var(--line)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", border: "var(--hairline) solid var(--line-control)", borderRadius: "var(--radius-s)", padding: "var(--space-1) var(--space-2)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface-raised)", border: "var(--hairline) solid var(--line-strong)", borderRadius: "var(--radius-s)", color: "inherit" },
  ".cm-tooltip": { backgroundColor: "var(--surface-raised)", color: "var(--text)", border: "var(--hairline) solid var(--line)", borderRadius: "var(--radius-m)", boxShadow: "var(--shadow-m)", overflow: "hidden", fontFamily: "var(--font)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", maxHeight: "var(--menu)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "var(--space-1) var(--space-3)", lineHeight: "var(--leading)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--on-accent-soft)" },
  ".cm-completionDetail": { color: "var(--text-soft)", fontStyle: "normal", marginInlineStart: "var(--space-3)" },
  ".cm-tooltip.cm-completionInfo": { padding: "var(--space-2) var(--space-3)", maxWidth: "var(--menu)", color: "var(--text-soft)", fontSize: "var(--text-xs)" },
  ".cm-diagnostic": { padding: "var(--space-2) var(--space-3)", border: "none", boxShadow: "inset var(--space-1) 0 0 var(--danger)" },
  ".cm-diagnostic-warning": { boxShadow: "inset var(--space-1) 0 0 var(--warn)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--on-accent)", borderRadius: "var(--radius-s)", padding: "var(--space-0) var(--space-2)", marginInlineStart: "var(--space-3)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--danger)", textUnderlineOffset: "var(--space-1)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)", textUnderlineOffset: "var(--space-1)" },
  ".cm-merge-b .cm-changedLine, .cm-inlineChangedLine, &.cm-merge-b .cm-changedLine": { backgroundColor: "var(--good-soft)" },
  ".cm-merge-a .cm-changedLine, .cm-deletedChunk, &.cm-merge-a .cm-changedLine": { backgroundColor: "var(--danger-soft)" },
  "&.cm-merge-b .cm-changedText": { background: "var(--good-soft)", boxShadow: "inset 0 calc(-1 * var(--stroke)) 0 var(--good)" },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": { background: "var(--danger-soft)", boxShadow: "inset 0 calc(-1 * var(--stroke)) 0 var(--danger)" },
  ".cm-collapsedLines": { background: "var(--surface-sunken)", color: "var(--text-soft)", fontFamily: "var(--font)", fontSize: "var(--text-xs)", backgroundImage: "none" },
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '"⋯"' },
});

/** What every view of YAML has, to read or to write. */
export const READING = Object.freeze([
  lineNumbers(), highlightSpecialChars(), yaml(), syntaxHighlighting(COLOURS), LOOK, EditorView.lineWrapping, indentUnit.of("  "),
]);

/**
 * Typing over several lines. Left to themselves, browsers join what is left with inline styles, which the page's policy
 * refuses (and reports); so we do it.
 */
const overwriting = EditorView.domEventHandlers({
  beforeinput(/** @type {InputEvent} */ event, /** @type {any} */ view) {
    const { from, to } = view.state.selection.main;
    const isWide = view.state.doc.lineAt(from).number !== view.state.doc.lineAt(to).number;
    if (event.inputType !== "insertText" || !event.data || !isWide || view.composing) return false;
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

const light = StateEffect.define();
const lit = StateField.define({
  create: () => Decoration.none,
  update(lines, change) {
    let next = lines.map(change.changes);
    for (const effect of change.effects) {
      if (effect.is(light)) next = Decoration.set(effect.value.map((/** @type {number} */ from) => Decoration.line({ class: "cm-lit" }).range(from)), true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A place for an editor: its shadow root. @param {HTMLElement} host */
export const rootOf = (host) => host.shadowRoot ?? host.attachShadow({ mode: "open" });

/** Where a line and a column (characters, both from 1) are. @param {any} doc @param {number} line @param {number} column */
export function positionOf(doc, line, column) {
  const found = doc.line(Math.min(Math.max(1, line), doc.lines));
  const before = [...found.text].slice(0, Math.max(0, column - 1)).join("");
  return found.from + before.length;
}

/** The first positions of the lines that belong to what begins on `line`: it and those that are indented deeper. @param {any} doc @param {number} line */
function linesOf(doc, line) {
  if (line < 1 || line > doc.lines) return [];
  const first = doc.line(line);
  const depth = first.text.search(/\S/);
  const from = [first.from];
  for (let number = line + 1; number <= doc.lines; number += 1) {
    const next = doc.line(number);
    if (!next.text.trim() || next.text.search(/\S/) <= depth) break;
    from.push(next.from);
  }
  return from;
}

/** @param {any} doc @param {import("./admin.mjs").Finding} finding @param {string} label of the button that takes the suggestion */
function diagnosticOf(doc, { line, column, code, severity, message, suggestion }, label) {
  const from = positionOf(doc, line, column);
  const end = doc.lineAt(from).to;
  const word = /^"[^"]*"|^'[^']*'|^[^\s,:{}[\]]+/.exec(doc.sliceString(from, end))?.[0] ?? "";
  const to = Math.min(end, from + Math.max(1, word.length));
  const better = /^did you mean "([^"]+)"\?$/.exec(suggestion)?.[1];
  const take = (/** @type {any} */ view, /** @type {number} */ start, /** @type {number} */ stop) =>
    view.dispatch({ changes: { from: start, to: stop, insert: better } });
  return {
    from, to, severity, source: code,
    message: suggestion ? `${message}; ${suggestion}` : message,
    actions: better && word ? [{ name: label.replace("{word}", better), apply: take }] : [],
  };
}

/**
 * An editor in `host`.
 *
 * @param {{
 *   host: HTMLElement, text: string, label: string, phrases: Record<string, string>,
 *   complete: (context: any) => any, onChange: (text: string) => void, onReview: () => void,
 * }} options
 */
export function openEditor({ host, text, label, phrases, complete, onChange, onReview }) {
  const root = rootOf(host);
  const language = new Compartment();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        ...READING, lintGutter(), foldGutter(), codeFolding(), history(), drawSelection(), overwriting, indentOnInput(), bracketMatching(), closeBrackets(), lit,
        highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }),
        autocompletion({ override: [complete], icons: false }),
        keymap.of([
          { key: "Mod-s", run: () => (onReview(), true), preventDefault: true },
          ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap, ...lintKeymap,
        ]),
        language.of(EditorState.phrases.of(phrases)),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocapitalize: "off" }),
        EditorView.updateListener.of((/** @type {any} */ update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });

  return Object.freeze({
    view,
    /** @param {readonly import("./admin.mjs").Finding[]} findings @param {string} takes */
    mark: (findings, takes) => view.dispatch(setDiagnostics(view.state, findings.map((finding) => diagnosticOf(view.state.doc, finding, takes)))),
    /** Light the rules that begin on these lines. @param {readonly number[]} lines */
    light: (lines) => view.dispatch({ effects: light.of([...new Set(lines.flatMap((line) => linesOf(view.state.doc, line)))].sort((a, b) => a - b)) }),
    /** Bring a line into sight; the focus stays where it is. @param {number} line */
    reveal: (line) => view.dispatch({ effects: EditorView.scrollIntoView(positionOf(view.state.doc, line, 1), { y: "center" }) }),
    /** @param {number} line @param {number} column */
    go: (line, column) => {
      const at = positionOf(view.state.doc, line, column);
      view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    close: () => view.destroy(),
  });
}

/** @typedef {ReturnType<typeof openEditor>} Editor */
