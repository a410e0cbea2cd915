// Shows what simulated contacts and the house have said, and writes as one of them. Everything that was said goes into
// textContent, never HTML.

const EVERY = 700; // milliseconds between looks at the server
const PICTURES = ["photo", "image"];

export const element = (id) => document.getElementById(id);

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

/**
 * us: what the house is called; key: the field that names a contact; press: where a pressed button goes; newcomer: what
 * else is said of somebody new; onShow: what else is shown of a chat.
 */
export function begin({ us, key, press, newcomer = () => ({}), onShow = () => {} }) {
  let chosen = null;
  let shown = "";

  function messageItem(chat, message) {
    const item = make("li", "", { className: message.author });
    const time = new Date(message.at).toLocaleTimeString();
    item.append(make("small", `${message.author === "contact" ? chat.name : us} · ${time}`));
    const { file } = message;
    if (file && PICTURES.includes(file.kind)) {
      item.append(make("img", "", { src: file.url, alt: message.text || "图片 · Image" }));
    } else if (file) {
      item.append(make("a", `文件 · File: ${file.name ?? file.kind}`, { href: file.url, download: file.name ?? "" }));
    }
    if (message.text) item.append(make("span", message.text));
    if (message.url) item.append(make("small", message.url));
    for (const option of message.options) {
      const button = make("button", option.label, { type: "button" });
      const pressed = { [key]: chat[key], message_id: message.id, value: option.value };
      button.addEventListener("click", () => act(() => call(press, pressed)));
      item.append(button);
    }
    return item;
  }

  function personItem(chat) {
    const button = make("button", chat.name, { type: "button" });
    button.setAttribute("aria-current", String(chat[key] === chosen));
    button.addEventListener("click", () => {
      chosen = chat[key];
      look();
    });
    const item = make("li");
    item.append(button);
    return item;
  }

  function show(chats) {
    chosen ??= chats[0]?.[key] ?? null;
    const chat = chats.find((one) => one[key] === chosen);
    const state = JSON.stringify([chats.map((one) => [one[key], one.name]), chat]);
    if (state === shown) return; // nothing new: the keyboard's focus stays where it is
    shown = state;
    element("people").replaceChildren(...chats.map(personItem));
    element("chat").hidden = !chat;
    if (!chat) return;
    element("who").textContent = chat.name;
    element("typing").hidden = !chat.is_typing;
    onShow(chat);
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
      const begun = { name: element("name").value, text: element("first").value, ...newcomer() };
      chosen = (await call("/control/write", begun))[key];
      element("text").focus();
    });
  });

  element("writer").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = element("text").value;
    element("text").value = "";
    act(() => call("/control/write", { [key]: chosen, text }));
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

  return { act, call, chosen: () => chosen };
}
