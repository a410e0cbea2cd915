/** How long a text is for a channel: each platform counts in a unit of its own. */

const encoder = new TextEncoder();

/** @param {string} text @param {string} unit code_points, characters (UTF-16) or utf8_bytes */
export function measure(text, unit) {
  if (unit === "utf8_bytes") return encoder.encode(text).length;
  return unit === "code_points" ? [...text].length : text.length;
}
