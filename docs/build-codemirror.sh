#!/bin/sh
# Make codemirror.mjs again: CodeMirror 6's packages as one module, at the versions that vendor.json names.
#
# Needs node, npm and their registry; nothing that runs needs any of them. Without arguments it builds into a temporary
# directory and compares: the same versions give the same bytes. `--write` puts the result into gateway/web/vendor instead; then write its
# sha256, and changed versions, into vendor.json.
#
# (The package that is named plainly "codemirror" is version 5 under another number. It is not what we want.)
set -eu

here=$(cd "$(dirname "$0")/../gateway/web/vendor" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/entry.mjs" <<'ENTRY'
export { Compartment, EditorSelection, EditorState, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
export {
  Decoration, EditorView, GutterMarker, drawSelection, dropCursor, gutter, highlightActiveLine,
  highlightActiveLineGutter, highlightSpecialChars, hoverTooltip, keymap, lineNumbers, placeholder,
} from "@codemirror/view";
export { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
export {
  HighlightStyle, bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting,
  syntaxTree, ensureSyntaxTree,
} from "@codemirror/language";
export { yaml } from "@codemirror/lang-yaml";
export { forEachDiagnostic, forceLinting, lintGutter, lintKeymap, linter, setDiagnostics } from "@codemirror/lint";
export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from "@codemirror/autocomplete";
export { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
export { MergeView, diff, presentableDiff, unifiedMergeView } from "@codemirror/merge";
export { tags } from "@lezer/highlight";
ENTRY

versions=$(node -e '
  const { libraries } = JSON.parse(require("fs").readFileSync(process.argv[1]));
  const { made_of: made } = libraries.find(({ file }) => file === "codemirror.mjs");
  console.log(Object.entries(made).map(([name, version]) => `${name}@${version}`).join(" "));
' "$here/vendor.json")
cd "$work"
npm init -y >/dev/null
# shellcheck disable=SC2086 # one word each
npm install --silent --no-audit --no-fund --save-exact $versions
npx esbuild entry.mjs --bundle --format=esm --minify --charset=utf8 --legal-comments=none --outfile=codemirror.mjs --log-level=warning
sha256sum codemirror.mjs

if [ "${1-}" = --write ]; then
  cp codemirror.mjs "$here/codemirror.mjs"
  cp node_modules/@codemirror/state/LICENSE "$here/licences/codemirror.txt"
else
  cmp codemirror.mjs "$here/codemirror.mjs" && echo "codemirror.mjs is what these versions give"
fi
