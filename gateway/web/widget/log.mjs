/**
 * What was said. It stays at the newest message unless the reader has scrolled up; then it says that there is more below
 * and leaves the reader alone.
 */

import { html, useEffect, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";
import { Greeting } from "./greeting.mjs";
import { Icon } from "./icons.mjs";
import { MessageRow, initial } from "./message.mjs";
import { Rating } from "./rating.mjs";
import { isTheirs } from "./thread.mjs";

const NEAR = 80;
const RUN = 5 * 60_000;

/** @param {import("./thread.mjs").Message} message @param {import("./thread.mjs").Message | undefined} other */
function isSameRun(message, other) {
  if (!other) return false;
  const isSameAuthor = other.author.kind === message.author.kind && other.author.name === message.author.name;
  return isSameAuthor && Math.abs(Date.parse(message.at) - Date.parse(other.at)) < RUN && isSameDay(message, other);
}

/** @param {import("./thread.mjs").Message} message @param {import("./thread.mjs").Message | undefined} other */
const isSameDay = (message, other) =>
  other !== undefined && new Date(message.at).toDateString() === new Date(other.at).toDateString();

/** @param {{name: string, i18n: import("./part.mjs").I18n}} props */
function Typing({ name, i18n }) {
  const label = name ? i18n.t("message.typing", { name }) : i18n.t("message.typing_anonymous");
  return html`
    <div class="row row--theirs row--first row--last row--typing">
      <div class="row__line">
        <span class="avatar row__avatar" aria-hidden="true">${initial(name)}</span>
        <div class="bubble bubble--typing"><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span></div>
        <span class="visually-hidden" role="status">${label}</span>
      </div>
    </div>
  `;
}

/** @param {{visit: import("./visit.mjs").Visit, i18n: import("./part.mjs").I18n, house: import("./app.mjs").House, form: any}} props `form` is what is asked before the first word */
export function Log({ visit, i18n, house, form }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const isAtEnd = useRef(true);
  const [hasNewer, setHasNewer] = useState(false);
  const messages = visit.messages.value;
  const typing = visit.typing.value;
  const newest = messages.at(-1);
  const oldest = messages[0];
  const heightBefore = useRef(0);

  function toEnd() {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
    setHasNewer(false);
  }

  useLayoutEffect(() => {
    if (isAtEnd.current || (newest && !isTheirs(newest))) toEnd();
    else if (newest) setHasNewer(true);
  }, [newest?.key, newest?.state, typing]);

  useLayoutEffect(() => {
    // What comes in above must not move what is being read.
    const area = box.current;
    if (area && heightBefore.current && !isAtEnd.current) area.scrollTop += area.scrollHeight - heightBefore.current;
  }, [oldest?.key]);

  useLayoutEffect(() => {
    heightBefore.current = box.current?.scrollHeight ?? 0;
  });

  useEffect(() => {
    const observer = new ResizeObserver(() => isAtEnd.current && toEnd());
    for (const part of [box.current, list.current]) if (part) observer.observe(part);
    return () => observer.disconnect();
  }, []);

  function onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = /** @type {HTMLElement} */ (box.current);
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < NEAR;
    if (isAtEnd.current) setHasNewer(false);
  }

  return html`
    <main class="log" ref=${box} onScroll=${onScroll} tabindex="0">
      ${visit.hasOlder.value
        ? html`<button type="button" class="newer older" onClick=${visit.older}><${Icon} name="up" />${i18n.t("log.older")}</button>`
        : html`<${Greeting} visit=${visit} i18n=${i18n} house=${house} isAsking=${Boolean(form)} />`}
      ${form}
      <div ref=${list} role="log" aria-live="polite" aria-relevant="additions" aria-label=${i18n.t("log.label")}>
        <ol>
        ${messages.map((message, index) => {
          const isNewDay = !isSameDay(message, messages[index - 1]);
          const day = isNewDay ? html`<li class="day" key=${`day-${message.key}`}><span>${i18n.day(message.at)}</span></li>` : null;
          return [
            day,
            html`<${MessageRow}
              key=${message.key}
              message=${message}
              visit=${visit}
              i18n=${i18n}
              isFirst=${!isSameRun(message, messages[index - 1])}
              isLast=${!isSameRun(message, messages[index + 1])}
              isNewest=${message === newest}
              isOnline=${!visit.isLost.value}
              houseName=${house.name || i18n.t("app.title")}
            />`,
          ];
        })}
        </ol>
      </div>
      ${typing ? html`<${Typing} name=${typing.name || visit.status.value.agent} i18n=${i18n} />` : null}
      ${visit.isEnded.value ? html`<p class="day day--ended"><span>${i18n.t("log.ended")}</span></p>` : null}
      ${visit.status.value.rating && newest?.state !== "sending" ? html`<${Rating} visit=${visit} i18n=${i18n} />` : null}
      ${hasNewer ? html`<button type="button" class="newer" onClick=${toEnd}>${i18n.t("log.newer")}<${Icon} name="down" /></button>` : null}
    </main>
  `;
}
