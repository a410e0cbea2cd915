/** The interface's reference for people, drawn from the document for programs. */

const document_ = await (await fetch("/api/v1/openapi.json")).json();
const place = /** @type {HTMLElement} */ (document.getElementById("operations"));

/** @param {string} tag @param {string} words @param {string} [kind] */
function made(tag, words, kind) {
  const element = document.createElement(tag);
  element.textContent = words;
  if (kind) element.className = kind;
  return element;
}

/** A schema in a few words. @param {any} schema @returns {string} */
function said(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(said).join(" | ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array") return `[${said(schema.items)}]`;
  return String(schema.type ?? "any");
}

/** @param {string} name @param {any} schema */
function fields(name, schema) {
  const list = document.createElement("ul");
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const item = document.createElement("li");
    const needed = (schema.required ?? []).includes(key) ? "" : " (optional)";
    item.append(made("code", key), ` ${said(value)}${needed}`);
    list.append(item);
  }
  const details = document.createElement("details");
  details.append(made("summary", name), made("p", schema.description ?? ""), list);
  return details;
}

const table = made("table", "", "table");
for (const [path, operations] of Object.entries(document_.paths)) {
  for (const [method, operation] of Object.entries(/** @type {Record<string, any>} */ (operations))) {
    const row = document.createElement("tr");
    const body = operation.requestBody?.content?.["application/json"]?.schema;
    const answer = operation.responses["200"]?.content?.["application/json"]?.schema;
    const query = operation.parameters.filter((/** @type {any} */ one) => one.in === "query");
    const words = document.createElement("td");
    words.append(made("div", operation.summary));
    if (query.length) words.append(made("div", `? ${query.map((/** @type {any} */ one) => one.name).join(", ")}`));
    words.append(made("div", `${body ? `${said(body)} → ` : ""}${said(answer)}`));
    row.append(made("td", method.toUpperCase(), "method"), made("td", path, "method"), words);
    table.append(row);
  }
}
place.append(table, made("h2", "Shapes"));
for (const [name, schema] of Object.entries(document_.components.schemas)) place.append(fields(name, schema));
