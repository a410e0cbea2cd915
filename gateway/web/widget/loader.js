/*
 * The one script that a site includes: <script async src="https://…/widget/loader.js?inbox=website"></script>
 *
 * It draws the launcher in a shadow root, and the chat in a frame once somebody wants it. The frame and this script talk
 * by messages: each checks who sent them (window and origin) and names whom it answers. Calls made before it has loaded
 * wait in `window.pointsman.calls`. It never throws into the page around it: what goes wrong is an `error` event.
 */
(() => {
  const early = window.pointsman;
  if (early?.isPointsman) return; // loaded twice

  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const home = new URL(script.src);
  const SAYINGS = {
    "zh-CN": ["打开在线咨询", "关闭在线咨询", "条未读消息"],
    "zh-TW": ["開啟線上諮詢", "關閉線上諮詢", "則未讀訊息"],
    en: ["Open chat", "Close chat", "unread"],
  };
  const OPEN_MARK = "M20 11.500a7.5 7.5 0 0 1-7.9 7.5 9 9 0 0 1-3.3-.6L4 20l1.4-4A7.3 7.3 0 0 1 4.2 12 7.6 7.6 0 0 1 12 4.400a7.6 7.6 0 0 1 8 7.100Z";
  const CLOSE_MARK = "m6 9.5 6 6 6-6";

  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();
  let options = { inbox: home.searchParams.get("inbox") ?? "", language: "", theme: "", context: {} };
  /** @type {HTMLElement | null} */
  let root = null;
  /** @type {HTMLButtonElement} */
  let launcher;
  /** @type {HTMLElement} */
  let badge;
  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  let isReady = false;
  let isOpen = false;
  let unread = 0;
  /** @type {any[]} */
  let queued = [];
  /** @type {Element | null} */
  let focusBefore = null;

  const mark = () => `pointsman:${options.inbox}:visited`;

  /** @param {string} name @param {any} [detail] */
  function emit(name, detail = {}) {
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        console.error("pointsman: a listener failed", error);
      }
    }
  }

  function saying() {
    const wanted = (options.language || navigator.language).toLowerCase();
    if (!wanted.startsWith("zh")) return SAYINGS.en;
    return /tw|hk|mo|hant/.test(wanted) ? SAYINGS["zh-TW"] : SAYINGS["zh-CN"];
  }

  function label() {
    const [open, close, many] = saying();
    launcher.setAttribute("aria-label", isOpen ? close : unread ? `${open} (${unread} ${many})` : open);
    launcher.setAttribute("aria-expanded", String(isOpen));
    badge.textContent = unread && !isOpen ? (unread > 99 ? "99+" : String(unread)) : "";
    if (frame) frame.title = open;
  }

  /** @param {string} path @param {string} name */
  function drawing(path, name) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  }

  /** @param {Partial<typeof options>} [more] */
  function boot(more = {}) {
    options = { ...options, ...more };
    if (root) return;
    root = document.createElement("pointsman-widget");
    if (options.theme) root.dataset.theme = options.theme;
    const shadow = root.attachShadow({ mode: "open" });
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("/widget/launcher.css", home).href;
    launcher = document.createElement("button");
    launcher.type = "button";
    launcher.className = "launcher";
    launcher.hidden = true; // until it has its looks
    launcher.addEventListener("click", toggle);
    launcher.addEventListener("keydown", (event) => event.key === "Escape" && close());
    badge = document.createElement("span");
    badge.className = "unread";
    badge.setAttribute("aria-hidden", "true");
    launcher.append(drawing(OPEN_MARK, "when-closed"), drawing(CLOSE_MARK, "when-open"), badge);
    style.onload = () => {
      launcher.hidden = false;
    };
    style.onerror = () => emit("error", { code: "no_style", message: `could not load ${style.href}` });
    label();
    shadow.append(style, launcher);
    document.body.append(root);
    addEventListener("message", hear);
    if (remembers()) load();
  }

  function remembers() {
    try {
      return localStorage.getItem(mark()) !== null;
    } catch {
      return false;
    }
  }

  function load() {
    if (frame || !root) return;
    frame = document.createElement("iframe");
    frame.className = "frame";
    frame.dataset.open = String(isOpen);
    frame.allow = "clipboard-write";
    frame.src = new URL(`/widget/${encodeURIComponent(options.inbox)}/`, home).href;
    frame.onload = () => {
      const { language, theme, context } = options;
      post({ pointsman: "hello", language, theme, context });
    };
    root.shadowRoot?.append(frame);
    label();
  }

  /** @param {any} word */
  const post = (word) => frame?.contentWindow?.postMessage(word, home.origin);

  /** @param {string} type @param {any} [rest] */
  function tell(type, rest = {}) {
    boot();
    load();
    const word = { ...rest, pointsman: type };
    if (isReady) post(word);
    else queued.push(word);
  }

  /** @param {MessageEvent} event */
  function hear(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home.origin) return;
    const word = event.data;
    if (word?.pointsman === "ready") {
      isReady = true;
      for (const late of queued.splice(0)) post(late);
      if (isOpen) frame.focus();
      emit("ready");
    } else if (word?.pointsman === "close") close();
    else if (word?.pointsman === "unread") count(word.count);
    else if (word?.pointsman === "event") {
      if (word.name === "message:sent") {
        try {
          localStorage.setItem(mark(), "1");
        } catch {
          // a page without storage simply loads the chat when it is opened
        }
      }
      emit(word.name, word.detail);
    }
  }

  /** @param {number} number */
  function count(number) {
    if (number === unread) return;
    unread = number;
    label();
    emit("unread", { count: number });
  }

  function open() {
    boot();
    load();
    if (isOpen) return;
    focusBefore = document.activeElement;
    isOpen = true;
    if (frame) frame.dataset.open = "true";
    label();
    frame?.focus();
    tell("opened");
    emit("open");
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    if (frame) frame.dataset.open = "false";
    label();
    tell("closed");
    const back = focusBefore instanceof HTMLElement && focusBefore !== document.body && focusBefore !== root ? focusBefore : launcher;
    back.focus();
    emit("close");
  }

  function toggle() {
    if (isOpen) close();
    else open();
  }

  function shutdown() {
    removeEventListener("message", hear);
    root?.remove();
    root = frame = null;
    isReady = isOpen = false;
    unread = 0;
    queued = [];
  }

  const api = {
    isPointsman: true,
    boot,
    shutdown,
    open,
    close,
    toggle,
    /** @param {string} text */
    send: (text) => tell("send", { text: String(text) }),
    /** @param {string} text */
    prefill: (text) => tell("prefill", { text: String(text) }),
    /** @param {Record<string, unknown>} context */
    setContext(context) {
      const words = Object.fromEntries(Object.entries(context).map(([key, value]) => [key, String(value)]));
      options.context = { ...options.context, ...words };
      if (frame) tell("context", { context: words });
    },
    /** @param {string} language */
    setLocale(language) {
      options.language = language;
      if (root) label();
      if (frame) tell("locale", { language });
    },
    get unread() {
      return unread;
    },
    /** @param {string} name @param {(detail: any) => void} listener */
    on(name, listener) {
      if (!listeners.has(name)) listeners.set(name, new Set());
      listeners.get(name)?.add(listener);
      return () => listeners.get(name)?.delete(listener);
    },
  };

  for (const [name, verb] of Object.entries(Object.getOwnPropertyDescriptors(api))) {
    if (typeof verb.value !== "function" || name === "on") continue;
    Object.defineProperty(api, name, {
      value: (/** @type {any[]} */ ...values) => {
        try {
          verb.value.apply(api, values);
        } catch (error) {
          emit("error", { code: "failed", message: String(error) });
        }
      },
    });
  }

  window.pointsman = api;
  const start = () => {
    if (!script.hasAttribute("data-manual")) api.boot();
    for (const [verb, ...values] of Array.isArray(early) ? early : (early?.calls ?? [])) {
      if (typeof api[verb] === "function") api[verb](...values);
      else emit("error", { code: "unknown_call", message: String(verb) });
    }
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start, { once: true });
})();
