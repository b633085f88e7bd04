// The search, and "try it" where a fake Atlas serves the page. The pages read without this script.

const element = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
};

// The colours follow the choice in the console, which has the same origin.
try {
  const theme = localStorage.getItem("atlasint-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // The browser blocks the storage.
}

// Search

const maxResults = 30;

// rank returns how well an entry matches the words: lower is better, null is no match.
const rank = ([name, kind, , text], words) => {
  const title = name.toLowerCase();
  const all = `${title} ${kind} ${text.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return null;
  if (title === words[0]) return 0;
  if (title.startsWith(words[0])) return 1;
  return title.includes(words[0]) ? 2 : 3;
};

const find = (index, query) => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return index
    .map((entry) => ({ entry, rank: rank(entry, words) }))
    .filter((found) => found.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map((found) => found.entry);
};

const addSearch = () => {
  const input = element("input", { type: "search", id: "search", autocomplete: "off", placeholder: "Search (/)" });
  const results = element("ul", { class: "results", "aria-label": "Search results" });
  const status = element("p", { class: "hidden", role: "status" });
  const form = element("form", { class: "search", role: "search" },
    element("label", { class: "hidden", for: "search" }, "Search the reference"), input, status, results);
  let index;

  const show = async () => {
    const query = input.value;
    index ??= (await import("./search-index.js")).default;
    if (query !== input.value) return; // a later one shows its own
    const found = find(index, query);
    results.replaceChildren(...found.slice(0, maxResults).map(([name, kind, address, text]) =>
      element("li", {}, element("a", { href: address }, name, element("small", {}, text ? `${kind}: ${text}` : kind)))));
    status.textContent = query ? `${found.length} results` : "";
  };
  const close = () => {
    results.replaceChildren();
    status.textContent = "";
  };
  const move = (event) => {
    const links = [input, ...results.querySelectorAll("a")];
    const next = links[links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  input.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    results.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
    if (event.key !== "Escape") return;
    input.value = "";
    close();
    input.focus();
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  results.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus until the click
  results.addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    input.focus();
  });
  document.getElementById("tools").prepend(form);
};

// Try it

const control = "/_atlasint/";
let forms = 0; // for unique ids

const field = (label, control) => {
  control.id = `try-${++forms}`;
  return [element("label", { for: control.id }, label), control];
};

// parse reads a curl command: its method, headers and JSON.
const parse = (command) => {
  const [options, json] = command.split("<<'JSON'\n");
  return {
    method: options.match(/--request (\w+)/)[1],
    headers: Object.fromEntries([...options.matchAll(/--header '([^:]+): ([^']*)'/g)].map(([, name, value]) => [name, value])),
    body: json?.replace(/\nJSON$/, ""),
  };
};

// parameter matches a parameter of a path with its value, such as {groupId=5d791c84ff7a2522cc4f9aa1}.
const parameter = /\{(\w+)=([^}]*)\}/g;

const send = async (request) => {
  const response = await fetch(`${control}send`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Atlasint-Console": "1" },
    body: JSON.stringify(request),
  });
  if (response.status === 401) { // the login returns to this page
    const page = location.pathname.slice(`${control}ui/`.length) + location.hash;
    return location.assign(`${control}ui/login.html#${encodeURIComponent(page)}`);
  }
  const result = await response.json();
  if (!response.ok) throw new Error([result.error, result.hint].filter(Boolean).join("; "));
  return result;
};

const tryForm = (box) => {
  const { method, headers, body: example } = parse(box.querySelector("code").textContent);
  const { path } = box.dataset;
  const inputs = new Map([...path.matchAll(parameter)].map(([, name, value]) => [name, element("input", { value, required: "" })]));
  const query = element("input", { placeholder: "pageNum=1&itemsPerPage=10" });
  const body = element("textarea", { spellcheck: "false" });
  body.value = example ?? "";
  const output = element("div", { role: "status" });
  const form = element("form", { class: "try" },
    ...[...inputs].flatMap(([name, input]) => field(name, input)),
    ...field("Query (optional)", query),
    ...(example === undefined ? [] : field("Body", body)),
    element("div", { class: "buttons" }, element("button", { class: "primary" }, `Send ${method}`)), output);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    output.replaceChildren("Sending…");
    let target = path.replace(parameter, (_, name) => encodeURIComponent(inputs.get(name).value));
    if (query.value) target += `?${query.value.replace(/^\?/, "")}`;
    try {
      const request = { method, path: target, headers };
      if (example !== undefined) request.body = JSON.parse(body.value);
      const response = await send(request);
      if (!response) return;
      const text = response.body === null ? "no body" : typeof response.body === "string" ? response.body : JSON.stringify(response.body, null, 2);
      const failed = response.status === 0 || response.status >= 400;
      output.replaceChildren(
        element("p", failed ? { class: "failed" } : {}, response.status === 0 ? "The server closed the connection without a response." : `Status ${response.status}`),
        element("pre", { tabindex: "0" }, element("code", {}, text)));
    } catch (error) {
      output.replaceChildren(element("p", { class: "failed" }, error instanceof SyntaxError ? `The body is not JSON: ${error.message}` : error.message));
    }
  });
  return form;
};

const addTry = (box) => {
  const summary = box.closest("details")?.querySelector("summary");
  if (summary) summary.textContent = "curl, try it";
  const label = box.dataset.path.replace(parameter, "$1");
  const button = element("button", { type: "button", "aria-expanded": "false", "aria-label": `Try it: ${label}` }, "Try it");
  let form;
  button.addEventListener("click", () => {
    form ??= box.appendChild(tryForm(box));
    form.hidden = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!form.hidden));
  });
  box.append(element("div", { class: "buttons" }, button));
};

// A page that is published elsewhere sends no request.
const servedByFake = async () => {
  if (!location.pathname.startsWith(`${control}ui/`)) return false;
  try {
    const response = await fetch(`${control}ui/session`);
    return response.ok && "login" in (await response.json());
  } catch {
    return false;
  }
};

addSearch();
if (await servedByFake()) {
  document.getElementById("tools").append(element("a", { href: "../" }, "Console"));
  for (const box of document.querySelectorAll(".request")) {
    const command = box.querySelector("code");
    command.textContent = command.textContent.replace(/"https?:\/\/[^/"]+/, `"${location.origin}`);
    if (box.dataset.path) addTry(box);
  }
}
