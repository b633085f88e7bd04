// Elements. All values reach the page as text or as attributes, never as HTML.

const svgNamespace = 'http://www.w3.org/2000/svg';
let lastID = 0;

// uid returns an ID that no other element has.
export const uid = (prefix = 'x') => `${prefix}-${++lastID}`;

// isSafeLink reports whether a link stays in the console, or has the scheme http or https.
export function isSafeLink(href) {
  if (/^(#|\.\/|[a-z0-9.-]+\/?$|\/_atlasint\/)/i.test(href) && !href.includes(':')) return true;
  try {
    return ['http:', 'https:'].includes(new URL(href).protocol);
  } catch {
    return false;
  }
}

// forbidden are attributes with code, styles or other documents.
const forbidden = /^(on|style|src|form)/i;

function setAttribute(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === 'on') {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (forbidden.test(name)) {
    throw new TypeError(`attribute ${name} is not allowed`);
  } else if (name === 'value' && 'value' in node) {
    node.value = value;
  } else if (name !== 'href' || isSafeLink(value) || value.startsWith('#')) {
    node.setAttribute(name, value === true ? '' : String(value));
  }
}

function fill(node, attributes, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  // After the children: a select takes the value of one of its options.
  for (const [name, value] of Object.entries(attributes ?? {})) setAttribute(node, name, value);
  return node;
}

// h returns an HTML element. Children that are undefined, null or false are left out.
export const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

// svg returns an element of a drawing.
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(svgNamespace, tag), attributes, children);

// replace exchanges the children of an element.
export function replace(node, ...children) {
  node.replaceChildren();
  return fill(node, null, children);
}

// announce has screen readers read a text once they are idle.
export function announce(text) {
  document.getElementById('announce').textContent = text;
}

let toastTimer;

// toast shows a short message for some seconds, and has screen readers read it.
export function toast(text) {
  const node = document.getElementById('toast');
  node.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.textContent = ''; }, 5000);
}
