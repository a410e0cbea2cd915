/** What the whole desk must know: the line is down, or the routing file on disk is not the one in force. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { Icon } from "./icons.mjs";

const PATIENCE = 1_500;

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Banner({ desk }) {
  const { t, state } = desk;
  const isDown = desk.connection.value !== "open";
  const [isShown, setShown] = useState(false);
  const [since, setSince] = useState(Date.now());

  useEffect(() => {
    if (!isDown) {
      setShown(false);
      return undefined;
    }
    setSince(Date.now());
    const patience = setTimeout(() => setShown(true), PATIENCE); // a blink of the line is nobody's business
    return () => clearTimeout(patience);
  }, [isDown]);

  const problem = state.configProblem.value;
  return html`
    <div class="banners" role="status">
      ${isDown && isShown
        ? html`
            <p class="banner banner--warn">
              <${Icon} name="alert" />
              <span>${t("banner.lost", { when: desk.i18n.clock(since) })}</span>
              <button type="button" class="text-button" onClick=${desk.retryNow}>${t("banner.again")}</button>
            </p>
          `
        : null}
      ${problem ? html`<p class="banner banner--warn"><${Icon} name="alert" /><span>${t("banner.config", { problem })}</span></p>` : null}
    </div>
  `;
}
