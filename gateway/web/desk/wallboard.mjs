/** For supervisors: who waits and for how long, and who is here with what load. Few numbers, each with its meaning. */

import { html, useEffect, useRef, useState } from "/web/shared/html.mjs";
import { AddressAction, Addressing } from "./addressing.mjs";
import { Decided, Door, DoorActions } from "./doors.mjs";
import { stopwatch } from "./due.mjs";
import { Icon } from "./icons.mjs";
import { PauseActions, Paused, Pausing } from "./pausing.mjs";
import { Avatar } from "./person.mjs";
import { Load, standingOf } from "./presence.mjs";

const COLUMNS = Object.freeze(["group", "waiting", "held", "oldest", "active", "at_risk", "breached", "ready", "load", "door"]);
/** What a supervisor is asked about a group. */
const DIALOGS = Object.freeze({ door: Door, pause: Pausing, address: Addressing });
const OFTEN = 10_000;
const SAMPLES = 60;
const WIDTH = 160;
const HEIGHT = 36;

/** @param {readonly number[]} values @returns {string} the points of a line that fills the picture */
export function lineOf(values) {
  const top = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  return values.map((value, index) => `${(index * step).toFixed(1)},${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`).join(" ");
}

/** @param {{label: string, value: string, detail?: string, tone?: string, icon: import("./icons.mjs").IconName, series?: number[]}} props */
function Tile({ label, value, detail = "", tone = "", icon, series = [] }) {
  return html`
    <div class=${`tile ${tone ? `tile--${tone}` : ""}`}>
      <dt class="tile__label"><${Icon} name=${icon} />${label}</dt>
      <dd class="tile__value">${value}</dd>
      ${detail ? html`<dd class="tile__detail">${detail}</dd>` : null}
      ${series.length > 1
        ? html`<dd class="tile__plot" aria-hidden="true"><svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none"><polyline points=${lineOf(series)} /></svg></dd>`
        : null}
    </div>
  `;
}

/** @param {{desk: import("./desk.mjs").Desk, queue: any, most: number, onAsk: (what: keyof typeof DIALOGS, group: string) => void}} props */
function QueueRow({ desk, queue, most, onAsk }) {
  const { t, i18n, now } = desk;
  const waited = queue.oldest_at ? (now.value - Date.parse(queue.oldest_at)) / 1_000 : 0;
  const isLate = queue.due_at && Date.parse(queue.due_at) < now.value;
  return html`
    <tr class=${isLate ? "late" : ""}>
      <th scope="row">
        ${desk.groupName(queue.group, queue.name)}
        ${queue.override ? html`<${Decided} desk=${desk} override=${queue.override} />` : queue.open ? null : html`<span class="tag"><${Icon} name="moon" />${queue.next_open ? t("due.held", { when: desk.when(queue.next_open) }) : t("transfer.closed")}</span>`}
        ${queue.pause ? html`<${Paused} desk=${desk} pause=${queue.pause} />` : null}
      </th>
      <td>
        <span class="bar"><svg class="bar__drawing" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="bar__track" width="100" height="8" rx="2" /><rect class="bar__fill" width=${most > 0 ? (queue.waiting / most) * 100 : 0} height="8" rx="2" /></svg>${i18n.number(queue.waiting)}</span>
      </td>
      <td>${queue.held > 0 ? i18n.number(queue.held) : "–"}</td>
      <td class="number">${queue.oldest_at ? html`${isLate ? html`<${Icon} name="alert" />` : null}${stopwatch(waited)}` : "–"}</td>
      <td>${i18n.number(queue.active)}</td>
      <td class="number" data-at-risk>${queue.at_risk > 0 ? html`<${Icon} name="hourglass" />${i18n.number(queue.at_risk)}` : "–"}</td>
      <td class="number" data-breached>${queue.breached > 0 ? html`<${Icon} name="alert" />${i18n.number(queue.breached)}` : "–"}</td>
      <td>${i18n.number(queue.ready)}</td>
      <td class="number">${i18n.number(queue.load)} / ${i18n.number(queue.units)}</td>
      <td>
        <${DoorActions} desk=${desk} queue=${queue} onAsk=${() => onAsk("door", queue.group)} />
        <${PauseActions} desk=${desk} queue=${queue} onAsk=${() => onAsk("pause", queue.group)} />
        <${AddressAction} desk=${desk} queue=${queue} onAsk=${() => onAsk("address", queue.group)} />
      </td>
    </tr>
  `;
}

/** Why somebody is away, and which channels still come. @param {import("./desk.mjs").Desk} desk @param {any} agent */
function awayInWords(desk, { intent_reason: reason, channels }) {
  const names = new Intl.ListFormat(desk.i18n.language.value).format(channels.map(desk.channelName));
  return [reason, names ? desk.t("board.still", { channels: names }) : ""].filter(Boolean).map((words) => ` · ${words}`).join("");
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Wallboard({ desk }) {
  const { t, i18n, state, now, api } = desk;
  const history = useRef(/** @type {number[]} */ ([]));
  const [asked, setAsked] = useState(/** @type {{what: keyof typeof DIALOGS, group: string} | null} */ (null));
  const queues = state.queues.value;
  const about = queues.find((queue) => queue.group === asked?.group);
  const people = state.agents.value.filter((agent) => agent.kind === "human");
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);

  useEffect(() => {
    const load = () =>
      Promise.all([api.queues(), api.agents()]).then(([fresh, agents]) => {
        state.queues.value = fresh.items;
        state.agents.value = agents.items;
        history.current = [...history.current, fresh.items.reduce((/** @type {number} */ sum, /** @type {any} */ queue) => sum + queue.waiting, 0)].slice(-SAMPLES);
      }, desk.fail);
    load();
    const again = setInterval(load, OFTEN);
    return () => clearInterval(again);
  }, []);

  const oldest = queues.map((queue) => queue.oldest_at).filter(Boolean).sort()[0];
  const isLate = queues.some((queue) => queue.due_at && Date.parse(queue.due_at) < now.value);
  const ready = people.filter((agent) => agent.may_receive).length;
  const load = people.reduce((sum, agent) => sum + agent.load, 0);
  const units = people.reduce((sum, agent) => sum + (agent.reachability === "connected" ? agent.units : 0), 0);
  const most = Math.max(...queues.map((queue) => queue.waiting), 0);
  return html`
    <main class="board">
      <h1 class="board__title">${t("rail.wallboard")}</h1>
      <dl class="tiles">
        <${Tile} icon="hourglass" label=${t("board.waiting")} value=${i18n.number(waiting)} tone=${isLate ? "late" : ""} detail=${isLate ? t("board.some_late") : t("board.all_in_time")} series=${history.current} />
        <${Tile} icon="clock" label=${t("board.oldest")} value=${oldest ? stopwatch((now.value - Date.parse(oldest)) / 1_000) : "–"} />
        <${Tile} icon="people" label=${t("board.ready")} value=${i18n.number(ready)} detail=${t("board.of", { count: people.length })} tone=${ready === 0 && waiting > 0 ? "late" : ""} />
        <${Tile} icon="bolt" label=${t("board.load")} value=${`${i18n.number(load)} / ${i18n.number(units)}`} detail=${t("board.load_hint")} />
      </dl>
      <section class="panel" tabindex="0" role="region" aria-label=${t("board.queues")}>
        <table class="table">
          <caption class="panel__title">${t("board.queues")}</caption>
          <thead>
            <tr>${COLUMNS.map((key) => html`<th scope="col">${t(`board.${key}`)}</th>`)}</tr>
          </thead>
          <tbody>${queues.map((queue) => html`<${QueueRow} key=${queue.group} desk=${desk} queue=${queue} most=${most} onAsk=${(/** @type {keyof typeof DIALOGS} */ what, /** @type {string} */ group) => setAsked({ what, group })} />`)}</tbody>
        </table>
      </section>
      <section class="panel">
        <h2 class="panel__title">${t("board.people")}</h2>
        <ul class="people">
          ${people.map((agent) => {
            const standing = standingOf(agent);
            return html`
              <li key=${agent.id} class="person">
                <${Avatar} name=${agent.name} of=${agent.id} state=${standing} />
                <span class="person__words"><span class="person__name">${agent.alias || agent.name}</span><span class="person__state">${t(`presence.${standing}`)}${standing === "away" ? awayInWords(desk, agent) : ""}</span></span>
                <span class="person__load"><span class="number">${i18n.number(agent.load)} / ${i18n.number(agent.units)}</span><${Load} load=${agent.load} units=${agent.units} label=${t("presence.load", { load: agent.load, units: agent.units })} /></span>
              </li>
            `;
          })}
        </ul>
      </section>
      ${asked && about ? html`<${DIALOGS[asked.what]} desk=${desk} queue=${about} onClose=${() => setAsked(null)} />` : null}
    </main>
  `;
}
