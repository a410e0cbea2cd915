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
  const COUNTED = /^\(\d+\+?\) /;

  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();

  /** What the page has said so far; the chat hears all of it when it comes. */
  let options = {
    inbox: home.searchParams.get("inbox") ?? "",
    language: "",
    theme: "",
    context: /** @type {Record<string, string>} */ ({}),
    attributes: /** @type {Record<string, string>} */ ({}),
    tags: /** @type {string[]} */ ([]),
    identity: /** @type {Record<string, string> | null} */ (null),
  };
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
  let isLauncherWanted = true;
  let mayKeep = true;
  let unread = 0;
  let status = "offline";
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

  /** @param {string} path @returns {Promise<void>} settled when the sheet is there, or will not come */
  function sheet(path) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(path, home).href;
    root?.shadowRoot?.append(link);
    return new Promise((done) => {
      link.onload = () => done();
      link.onerror = () => {
        emit("error", { code: "no_style", message: `could not load ${link.href}` });
        done();
      };
    });
  }

  /** @param {Partial<typeof options>} [more] */
  function boot(more = {}) {
    options = { ...options, ...more };
    if (root || !mayKeep) return;
    root = document.createElement("pointsman-widget");
    if (options.theme) root.dataset.theme = options.theme;
    const shadow = root.attachShadow({ mode: "open" });
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
    const looks = [sheet("/widget/launcher.css"), sheet(`/widget/${encodeURIComponent(options.inbox)}/tokens`)];
    const drawn = launcher;
    Promise.all(looks).then(() => (drawn.hidden = !isLauncherWanted));
    label();
    shadow.append(launcher);
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

  /** @param {boolean} isVisitor whether there is something to find again on the next page */
  function keepMark(isVisitor) {
    try {
      if (isVisitor && mayKeep) localStorage.setItem(mark(), "1");
      else localStorage.removeItem(mark());
    } catch {
      // a page without storage simply loads the chat when it is opened
    }
  }

  function load() {
    if (frame || !root) return;
    frame = document.createElement("iframe");
    frame.className = "frame";
    frame.dataset.open = String(isOpen);
    frame.allow = "clipboard-write; autoplay; microphone";
    frame.src = new URL(`/widget/${encodeURIComponent(options.inbox)}/`, home).href;
    frame.onload = () => post({ ...options, pointsman: "hello" });
    root.shadowRoot?.append(frame);
    label();
  }

  /** @param {any} word */
  const post = (word) => frame?.contentWindow?.postMessage(word, home.origin);

  /** @param {string} type @param {any} [rest] */
  function tell(type, rest = {}) {
    boot();
    load();
    inform(type, rest);
  }

  /** Tell the chat if it is there; else it hears of it in its hello. @param {string} type @param {any} rest */
  function inform(type, rest) {
    if (!frame) return;
    const word = { ...rest, pointsman: type };
    if (isReady) post(word);
    else queued.push(word);
  }

  /** @param {MessageEvent} event */
  function hear(event) {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home.origin) return;
    const word = event.data;
    switch (word?.pointsman) {
      case "ready":
        isReady = true;
        for (const late of queued.splice(0)) post(late);
        if (isOpen) frame.focus();
        return emit("ready");
      case "close":
        return close();
      case "unread":
        return count(word.count);
      case "status":
        status = word.status;
        return emit("status", { status });
      case "forgotten":
        return shutdown();
      case "event":
        if (word.name === "message:sent") keepMark(true);
        emit(word.name, word.detail);
    }
  }

  /** @param {number} number */
  function count(number) {
    if (number === unread) return;
    unread = number;
    label();
    const title = document.title.replace(COUNTED, "");
    document.title = number ? `(${number > 99 ? "99+" : number}) ${title}` : title;
    emit("unread", { count: number });
  }

  function open() {
    if (!mayKeep) return emit("error", { code: "no_consent", message: "the visitor has not agreed" });
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
    status = "offline";
    queued = [];
    if (unread) document.title = document.title.replace(COUNTED, "");
    unread = 0;
  }

  /** @param {Record<string, unknown>} facts */
  const inWords = (facts) =>
    Object.fromEntries(Object.entries(facts ?? {}).flatMap(([key, value]) => (value == null ? [] : [[key, String(value)]])));

  const api = {
    isPointsman: true,
    boot,
    shutdown,
    open,
    close,
    toggle,
    /** @param {boolean} isWanted */
    showLauncher(isWanted) {
      isLauncherWanted = Boolean(isWanted);
      if (root) launcher.hidden = !isLauncherWanted;
    },
    /** @param {string} id @param {Record<string, unknown>} [details] name, email, phone, avatar, and hash or jwt */
    identify(id, details = {}) {
      const identity = { ...inWords(details), id: id == null ? "" : String(id) };
      options.identity = identity;
      inform("identify", { identity });
    },
    logout() {
      options = { ...options, identity: null, attributes: {}, tags: [] };
      if (frame || remembers()) tell("logout");
      keepMark(false);
    },
    /** @param {Record<string, unknown>} facts */
    setAttributes(facts) {
      const attributes = inWords(facts);
      options.attributes = { ...options.attributes, ...attributes };
      inform("about", { attributes });
    },
    /** @param {string} key */
    unsetAttribute(key) {
      delete options.attributes[key];
      inform("about", { drop: [String(key)] });
    },
    /** @param {string} tag */
    addTag(tag) {
      options.tags = [...new Set([...options.tags, String(tag)])];
      inform("about", { tags: [String(tag)] });
    },
    /** @param {string} tag */
    removeTag(tag) {
      options.tags = options.tags.filter((other) => other !== tag);
      inform("about", { untag: [String(tag)] });
    },
    /** @param {Record<string, unknown>} facts */
    setContext(facts) {
      const context = inWords(facts);
      options.context = { ...options.context, ...context };
      inform("context", { context });
    },
    /** @param {string} text */
    send: (text) => tell("send", { text: String(text) }),
    /** @param {string} text */
    prefill: (text) => tell("prefill", { text: String(text) }),
    /** @param {string} language */
    setLocale(language) {
      options.language = String(language);
      if (root) label();
      inform("locale", { language: options.language });
    },
    /** @param {string} theme light, dark, or auto */
    setTheme(theme) {
      options.theme = theme === "light" || theme === "dark" ? theme : "";
      if (root) root.dataset.theme = options.theme;
      inform("theme", { theme: options.theme });
    },
    /** @param {boolean} isGiven without it nothing is shown, and what was kept is forgotten */
    consent(isGiven) {
      if (isGiven) {
        mayKeep = true;
        return boot();
      }
      const isKept = frame !== null || remembers();
      if (isOpen) close();
      if (isKept) tell("forget");
      mayKeep = false;
      keepMark(false);
      if (isKept && root) launcher.hidden = true;
      else shutdown();
    },
    get unread() {
      return unread;
    },
    get status() {
      return status;
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
  /** @param {unknown} call made before we were here: the verb, then its values */
  function catchUp(call) {
    const [verb, ...values] = Array.isArray(call) ? call : [call];
    if (Object.hasOwn(api, verb) && typeof api[verb] === "function") api[verb](...values);
    else emit("error", { code: "unknown_call", message: String(verb) });
  }

  const start = () => {
    const calls = [...(Array.isArray(early) ? early : (early?.calls ?? []))];
    const isListening = (/** @type {any} */ call) => call?.[0] === "on";
    calls.filter(isListening).forEach(catchUp); // first, so that they miss nothing
    if (!script.hasAttribute("data-manual")) api.boot();
    calls.filter((call) => !isListening(call)).forEach(catchUp);
  };
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start, { once: true });
})();
