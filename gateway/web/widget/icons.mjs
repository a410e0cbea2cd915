/** The drawings: strokes on a 24-unit square, coloured by the text around them, silent to screen readers. */

import { html } from "/web/shared/html.mjs";

const PATHS = Object.freeze({
  chat: "M20 11.5a7.5 7.5 0 0 1-7.9 7.5 9 9 0 0 1-3.3-.6L4 20l1.4-4A7.3 7.3 0 0 1 4.2 12 7.6 7.6 0 0 1 12 4.4a7.6 7.6 0 0 1 8 7.1Z",
  close: "m6 6 12 12M18 6 6 18",
  down: "m6 9.5 6 6 6-6",
  more: "M5.5 10.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4ZM12 10.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4ZM18.5 10.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4Z",
  attach: "m20 11.6-7.7 7.6a4.9 4.9 0 0 1-7-7l8-7.9a3.3 3.3 0 0 1 4.7 4.7l-8 7.9a1.6 1.6 0 0 1-2.3-2.3l7.2-7.1",
  send: "M12 19V5.5M6 11.2l6-6 6 6",
  file: "M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5l-5-5Zm0 0v5h5",
  clock: "M12 7.5V12l3 1.8M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0Z",
  alert: "M12 8.2v4.6m0 3h.01M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z",
  check: "m5 12.8 4.4 4.4L19 7.5",
  place: "M12 20.5s6.5-5.6 6.5-10.7a6.5 6.5 0 0 0-13 0c0 5.1 6.5 10.7 6.5 10.700Zm0-8.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600Z",
  moon: "M19.5 14.2A7.8 7.8 0 0 1 9.8 4.500a7.8 7.8 0 1 0 9.7 9.700Z",
});

/** @param {{name: keyof typeof PATHS}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
}
