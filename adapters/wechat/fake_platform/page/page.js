// Shows the simulated followers' chats and acts as one of them. Everything that was said goes into textContent, never HTML.

const element = (id) => document.getElementById(id);
const EVERY = 700; // milliseconds between looks at the server
let chosen = null;
let shown = "";

async function call(path, body) {
  const options = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : {};
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

function make(name, text = "", properties = {}) {
  const made = Object.assign(document.createElement(name), properties);
  made.textContent = text;
  return made;
}

function messageItem(chat, message) {
  const item = make("li", "", { className: message.author });
  const time = new Date(message.at).toLocaleTimeString();
  item.append(make("small", `${message.author === "account" ? "公众号 · Account" : chat.name} · ${time}`));
  if (message.file?.kind === "image") {
    item.append(make("img", "", { src: message.file.url, alt: message.text || "图片 · Image" }));
  } else if (message.file) {
    item.append(make("a", `文件 · File: ${message.file.kind}`, { href: message.file.url, download: "" }));
  }
  if (message.text) item.append(make("span", message.text));
  if (message.url) item.append(make("small", message.url));
  for (const option of message.options) {
    const button = make("button", option.label, { type: "button" });
    button.addEventListener("click", () =>
      act(() => call("/control/tap", { openid: chat.openid, message_id: message.id, value: option.value })));
    item.append(button);
  }
  return item;
}

function personItem(chat) {
  const button = make("button", chat.name, { type: "button" });
  button.setAttribute("aria-current", String(chat.openid === chosen));
  button.addEventListener("click", () => { chosen = chat.openid; look(); });
  const item = make("li");
  item.append(button);
  return item;
}

function show(chats) {
  chosen ??= chats[0]?.openid ?? null;
  const chat = chats.find((one) => one.openid === chosen);
  const state = JSON.stringify([chats.map((one) => [one.openid, one.name]), chat]);
  if (state === shown) return; // nothing new: the keyboard's focus stays where it is
  shown = state;
  element("people").replaceChildren(...chats.map(personItem));
  element("chat").hidden = !chat;
  if (!chat) return;
  element("who").textContent = chat.name;
  element("window").textContent = `还可下发 ${chat.left} 条 · ${chat.left} more may be sent to this follower`;
  element("typing").hidden = !chat.is_typing;
  element("following").textContent = chat.is_following ? "取消关注 · Unfollow" : "关注 · Follow";
  element("following").dataset.event = chat.is_following ? "unsubscribe" : "subscribe";
  element("messages").replaceChildren(...chat.messages.map((message) => messageItem(chat, message)));
  element("messages").lastElementChild?.scrollIntoView({ block: "nearest" });
}

async function look() {
  const { chats } = await call("/control/chats");
  show(chats);
}

async function act(what) {
  try {
    await what();
    await look();
    element("problem").hidden = true;
  } catch (problem) {
    element("problem").textContent = `没有成功 · It did not work: ${problem.message}`;
    element("problem").hidden = false;
  }
}

element("newcomer").addEventListener("submit", (event) => {
  event.preventDefault();
  act(async () => {
    const begun = { name: element("name").value, text: element("first").value };
    chosen = (await call("/control/write", begun)).openid;
    element("text").focus();
  });
});

element("writer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = element("text").value;
  element("text").value = "";
  act(() => call("/control/write", { openid: chosen, text }));
});

element("scanner").addEventListener("submit", (event) => {
  event.preventDefault();
  act(() => call("/control/happen", { openid: chosen, event: "SCAN", key: element("key").value }));
});

element("following").addEventListener("click", (event) => {
  act(() => call("/control/happen", { openid: chosen, event: event.currentTarget.dataset.event }));
});

element("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    element("writer").requestSubmit();
  }
});

async function keepLooking() {
  await act(async () => {});
  setTimeout(keepLooking, EVERY);
}
keepLooking();
