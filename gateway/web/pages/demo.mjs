/** The demo's entrance: who can log in, and where simulated customers write. */

/** @typedef {{login: string, password: string, name: string, role: string, groups: string[]}} Login */

/** @type {{logins: Login[], platforms: {name: string, url: string}[]}} */
const facts = await (await fetch("/demo/facts")).json();

const rows = /** @type {HTMLElement} */ (document.getElementById("logins"));
for (const login of facts.logins) {
  const row = document.createElement("tr");
  const groups = login.groups.join(", ") || login.role;
  for (const [words, tag] of [[login.login, "code"], [login.password, "code"], [login.name, "span"], [groups, "span"]]) {
    const cell = document.createElement("td");
    const inner = document.createElement(tag);
    inner.textContent = words;
    cell.append(inner);
    row.append(cell);
  }
  rows.append(row);
}

const places = /** @type {HTMLElement} */ (document.getElementById("places"));
for (const platform of facts.platforms) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "card";
  link.href = platform.url;
  link.target = "_blank";
  link.rel = "noopener";
  const title = document.createElement("strong");
  title.textContent = "Simulated customers · 模拟客户";
  link.append(title, `Write as customers of ${platform.name}, through its real webhook or polling.`);
  item.append(link);
  places.append(item);
}
