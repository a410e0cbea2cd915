/**
 * What every screen is written with: `html` templates, Preact's hooks, and signals, from one place.
 *
 * Templates become virtual DOM and text becomes text nodes: nobody's words can turn into markup. There is no way here to
 * set raw HTML, and none is wanted.
 */

import { h } from "preact";
import htm from "htm";

export { Fragment, createRef, h, render } from "preact";
export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
export { batch, computed, effect, signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";

/** Tagged template: html`<p class="x">${words}</p>`. */
export const html = htm.bind(h);
