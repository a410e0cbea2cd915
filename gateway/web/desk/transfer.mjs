/** Giving a conversation on: to a group or a person, with a note, and with plain words on what will happen then. */

import { html, useEffect, useState } from "/web/shared/html.mjs";
import { presentConversation } from "./commands.mjs";
import { Dialog } from "./dialog.mjs";
import { Icon } from "./icons.mjs";
import { isLike } from "./palette.mjs";
import { Avatar } from "./person.mjs";
import { Load, standingOf } from "./presence.mjs";

/** @typedef {{kind: "group" | "agent", id: string}} Target */

/** What will happen, in words. @param {import("./desk.mjs").Desk} desk @param {Target} target */
function consequence(desk, target) {
  const { t, state } = desk;
  if (target.kind === "group") {
    const group = state.groups.value.find((other) => other.id === target.id);
    const name = desk.groupName(target.id);
    if (!group) return "";
    if (!group.open) return group.next_open ? t("transfer.then_closed", { name, when: desk.when(group.next_open) }) : t("transfer.then_closed_unknown", { name });
    if (group.ready === 0) return t("transfer.then_nobody", { name });
    return group.waiting > 0 ? t("transfer.then_queue", { name, count: group.waiting }) : t("transfer.then_now", { name });
  }
  const agent = state.agents.value.find((other) => other.id === target.id);
  if (!agent) return "";
  const name = agent.alias || agent.name;
  return agent.may_receive ? t("transfer.then_agent", { name }) : t("transfer.then_agent_not", { name, reason: t(`reason.${String(agent.reasons[0] ?? "off").split(":")[0]}`) });
}

/** @param {{desk: import("./desk.mjs").Desk}} props */
export function Transfer({ desk }) {
  const { t, state, verbs, i18n } = desk;
  const conversation = presentConversation(desk);
  const [target, setTarget] = useState(/** @type {Target | null} */ (null));
  const [wanted, setWanted] = useState("");
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    // Loads and hours as they are now, not as they were when the desk was opened.
    Promise.all([desk.api.groups(), desk.api.agents()]).then(([groups, agents]) => {
      state.groups.value = groups.items;
      state.agents.value = agents.items;
    }, desk.fail);
  }, []);

  if (!conversation) return null;
  const groups = state.groups.value.filter((group) => group.kind === "human" && isLike(wanted, `${desk.groupName(group.id)} ${group.id}`));
  const agents = state.agents.value.filter(
    (agent) => agent.kind === "human" && agent.id !== state.me.value.id && isLike(wanted, `${agent.alias} ${agent.name} ${agent.id}`),
  );
  const nameOf = (/** @type {Target} */ to) => (to.kind === "group" ? desk.groupName(to.id) : desk.agentName(to.id));

  /** @param {Event} event */
  async function onSubmit(event) {
    event.preventDefault();
    if (!target || !note.trim()) return;
    setBusy(true);
    const to = target.kind === "group" ? { to_group: target.id } : { to_agent: target.id };
    const isDone = await verbs.transfer(conversation.id, { ...to, note: note.trim() }, nameOf(target));
    setBusy(false);
    if (isDone) desk.dialog.value = "";
  }

  /** @param {Target} to @param {any} face @param {any} facts */
  const choice = (to, face, facts) => html`
    <label class="target">
      <input class="visually-hidden" type="radio" name="target" checked=${target?.kind === to.kind && target.id === to.id} onChange=${() => setTarget(to)} />
      ${face}<span class="target__name">${nameOf(to)}</span>${facts}
    </label>
  `;

  return html`
    <${Dialog} desk=${desk} title=${t("transfer.title", { name: desk.contactName(conversation.contact) })} name="dialog--transfer">
      <form class="form" onSubmit=${onSubmit}>
        <input class="field" type="search" autofocus aria-label=${t("transfer.find")} placeholder=${t("transfer.find")} value=${wanted} onInput=${(/** @type {Event} */ event) => setWanted(/** @type {HTMLInputElement} */ (event.target).value)} />
        <div class="targets">
          <fieldset>
            <legend class="targets__title">${t("transfer.groups")}</legend>
            ${groups.map((group) =>
              choice(
                { kind: "group", id: group.id },
                html`<span class="target__icon"><${Icon} name="people" /></span>`,
                html`<span class=${`target__facts ${group.open ? "" : "target__facts--closed"}`}>
                  ${group.open ? t("transfer.group_open", { waiting: i18n.number(group.waiting), ready: i18n.number(group.ready) }) : html`<${Icon} name="moon" />${t("transfer.closed")}`}
                </span>`,
              ),
            )}
          </fieldset>
          <fieldset>
            <legend class="targets__title">${t("transfer.agents")}</legend>
            ${agents.map((agent) =>
              choice(
                { kind: "agent", id: agent.id },
                html`<${Avatar} name=${agent.name} of=${agent.id} size="s" state=${standingOf(agent)} />`,
                html`<span class="target__facts">${t(`presence.${standingOf(agent)}`)} · ${i18n.number(agent.load)}/${i18n.number(agent.units)}</span>
                  <span class="target__load"><${Load} load=${agent.load} units=${agent.units} label=${t("presence.load", { load: agent.load, units: agent.units })} /></span>`,
              ),
            )}
          </fieldset>
        </div>
        <div>
          <label class="label" for="transfer-note">${t("transfer.note")}</label>
          <textarea id="transfer-note" class="field field--note" rows="3" maxlength="4000" required placeholder=${t("transfer.note_placeholder")} value=${note} onInput=${(/** @type {Event} */ event) => setNote(/** @type {HTMLTextAreaElement} */ (event.target).value)}></textarea>
        </div>
        <footer class="dialog__foot">
          <p class="dialog__then" role="status">${target ? consequence(desk, target) : t("transfer.choose")}</p>
          <button class="button button--primary" disabled=${!target || !note.trim() || isBusy}><${Icon} name="transfer" />${t("action.transfer")}</button>
        </footer>
      </form>
    <//>
  `;
}
