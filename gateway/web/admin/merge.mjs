/** Joining two people's changes of one text, line by line; where both changed the same lines, ours stay and are counted. */

/** @typedef {{from: number, to: number, lines: string[]}} Edit lines `from` to `to` of the base become `lines` */

/** The common lines of two texts, longest first come (dynamic programming on what differs between equal ends). @param {string[]} base @param {string[]} other @returns {Edit[]} */
export function editsOf(base, other) {
  let head = 0;
  while (head < base.length && head < other.length && base[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < base.length - head && tail < other.length - head && base[base.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  const left = base.slice(head, base.length - tail);
  const right = other.slice(head, other.length - tail);
  const width = right.length + 1;
  const longest = new Uint32Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row -= 1) {
    for (let column = right.length - 1; column >= 0; column -= 1) {
      longest[row * width + column] =
        left[row] === right[column]
          ? longest[(row + 1) * width + column + 1] + 1
          : Math.max(longest[(row + 1) * width + column], longest[row * width + column + 1]);
    }
  }
  /** @type {Edit[]} */
  const edits = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    if (row < left.length && column < right.length && left[row] === right[column]) {
      row += 1;
      column += 1;
      continue;
    }
    const from = row;
    const start = column;
    while ((row < left.length || column < right.length) && !(row < left.length && column < right.length && left[row] === right[column])) {
      const isDown = column >= right.length || (row < left.length && longest[(row + 1) * width + column] >= longest[row * width + column + 1]);
      if (isDown) row += 1;
      else column += 1;
    }
    edits.push({ from: head + from, to: head + row, lines: right.slice(start, column) });
  }
  return edits;
}

/** @param {Edit} one @param {Edit} other */
const meet = (one, other) => (one.from < other.to && other.from < one.to) || one.from === other.from || one.to === other.from || other.to === one.from;

/** @param {Edit} one @param {Edit} other */
const areEqual = (one, other) => one.from === other.from && one.to === other.to && one.lines.join("\n") === other.lines.join("\n");

/** @param {string} base @param {string} ours @param {string} theirs @returns {{text: string, conflicts: number}} */
export function merge(base, ours, theirs) {
  const lines = base.split("\n");
  const mine = editsOf(lines, ours.split("\n"));
  const other = editsOf(lines, theirs.split("\n"));
  const fresh = other.filter((edit) => !mine.some((own) => areEqual(own, edit)));
  const conflicts = fresh.filter((edit) => mine.some((own) => meet(own, edit)));
  const taken = [...mine, ...fresh.filter((edit) => !conflicts.includes(edit))].sort((a, b) => b.from - a.from || b.to - a.to);
  for (const edit of taken) lines.splice(edit.from, edit.to - edit.from, ...edit.lines);
  return { text: lines.join("\n"), conflicts: conflicts.length };
}
