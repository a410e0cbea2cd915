/**
 * The messages of a thread. Whoever reads at the bottom stays there; whoever reads further up is not moved, neither by new
 * messages nor by older ones that are loaded above.
 */

import { html, useEffect, useLayoutEffect, useRef, useState } from "/web/shared/html.mjs";
import { isTroubled } from "./fate.mjs";
import { Icon } from "./icons.mjs";
import { isSameFate, isSameRun } from "./log.mjs";
import { MessageRow } from "./message.mjs";

const NEAR = 80;

/** @param {import("./log.mjs").Message} message */
const dayOf = (message) => new Date(message.at).toDateString();

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
function Typing({ desk, conversation }) {
  const typing = desk.state.typing.value.get(conversation.id);
  if (!typing?.who || typing.until < desk.now.value || typing.who === desk.state.me.value.id) return null;
  const name = typing.who === "contact" ? desk.contactName(conversation.contact) : desk.agentName(typing.who);
  return html`<p class="typing"><span class="typing__dots" aria-hidden="true"><i></i><i></i><i></i></span>${desk.t("log.typing", { name })}</p>`;
}

/** @param {{desk: import("./desk.mjs").Desk, conversation: any}} props */
export function LogView({ desk, conversation }) {
  const { t, i18n, state } = desk;
  const log = state.logs.value.get(conversation.thread);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const isAtEnd = useRef(true);
  const top = useRef(0);
  const before = useRef({ first: "", height: 0 });
  const [hasNewer, setNewer] = useState(false);
  const [isLoading, setLoading] = useState(false);
  const messages = log ? [...log.messages, ...log.pending] : [];
  const first = log?.messages[0]?.id ?? "";
  const last = messages.at(-1);

  function toEnd() {
    const area = box.current;
    if (!area) return; // gone between two frames
    area.scrollTop = area.scrollHeight;
    top.current = area.scrollTop;
    isAtEnd.current = true;
    setNewer(false);
  }

  useLayoutEffect(() => {
    const area = /** @type {HTMLDivElement} */ (box.current);
    const isOlderAbove = before.current.first !== "" && before.current.first !== first;
    if (isAtEnd.current || (last?.seq === 0 && last.author.id === state.me.peek().id)) toEnd();
    else if (isOlderAbove) area.scrollTop += area.scrollHeight - before.current.height;
    else if (area.scrollHeight > before.current.height) setNewer(true);
    before.current = { first, height: area.scrollHeight };
  }, [first, messages.length, last?.id]);

  useEffect(() => {
    // Pictures and a growing composer change heights after the words are there.
    const watcher = new ResizeObserver(() => isAtEnd.current && toEnd());
    const area = /** @type {HTMLDivElement} */ (box.current);
    watcher.observe(area);
    if (area.firstElementChild) watcher.observe(area.firstElementChild);
    return () => watcher.disconnect();
  }, []);

  useEffect(() => {
    const see = () => {
      if (document.visibilityState === "visible" && isAtEnd.current) state.see(conversation.id);
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => document.removeEventListener("visibilitychange", see);
  }, [conversation.id, conversation.last_seq]);

  function onScroll() {
    const area = /** @type {HTMLDivElement} */ (box.current);
    const isNear = area.scrollHeight - area.scrollTop - area.clientHeight < NEAR;
    // Growing content moves the end away from the reader; only a reader who scrolls up has left it.
    isAtEnd.current = isNear || (isAtEnd.current && area.scrollTop >= top.current);
    top.current = area.scrollTop;
    if (!isAtEnd.current) return;
    setNewer(false);
    if (document.visibilityState === "visible") state.see(conversation.id);
  }

  async function older() {
    setLoading(true);
    await desk.loadOlder(conversation.id);
    setLoading(false);
  }

  return html`
    <div class="log-frame">
      <div ref=${box} class="log" role="log" aria-live="off" aria-label=${t("log.label")} aria-busy=${!log} tabindex="0" onScroll=${onScroll}>
        <div class="log__inner">
          ${log?.hasOlder
            ? html`<button type="button" class="button button--quiet log__older" disabled=${isLoading} onClick=${older}>${t("log.older")}</button>`
            : null}
          <ul class="messages">
            ${messages.map((message, index) => {
              const previous = messages[index - 1];
              const next = messages[index + 1];
              const isNewDay = !previous || dayOf(previous) !== dayOf(message);
              const isLast = !next || !isSameRun(message, next) || dayOf(next) !== dayOf(message);
              const isNewEpisode = previous && previous.conversation !== message.conversation;
              return [
                isNewDay
                  ? html`<li key=${`day-${message.client_id || message.id}`} class="day"><span>${i18n.day(message.at, new Date(desk.now.peek()))}</span></li>`
                  : null,
                isNewEpisode ? html`<li key=${`episode-${message.id}`} class="day day--episode"><span>${t("log.episode")}</span></li>` : null,
                html`
                  <${MessageRow}
                    key=${message.client_id || message.id}
                    desk=${desk}
                    message=${message}
                    conversation=${conversation}
                    isFirst=${isNewDay || !previous || !isSameRun(previous, message)}
                    isLast=${isLast}
                    hasFate=${isLast || isTroubled(message) || !isSameFate(message, next)}
                  />
                `,
              ];
            })}
          </ul>
          <${Typing} desk=${desk} conversation=${conversation} />
        </div>
      </div>
      ${hasNewer ? html`<button type="button" class="button log__newer" onClick=${toEnd}><${Icon} name="down" />${t("log.newer")}</button>` : null}
    </div>
  `;
}
