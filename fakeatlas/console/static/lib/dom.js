// Elements. All values reach the page as text or as attributes, never as HTML.

const svgNamespace = 'http://www.w3.org/2000/svg';
let lastID = 0;

// uid returns an ID that no other element has.
export const uid = (prefix = 'x') => `${prefix}-${++lastID}`;

// isSafeLink reports whether a link stays in the console, or has the scheme http or https.
function isSafeLink(href) {
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

// hide hides an element or shows it. If a hidden one had the focus, the heading of its card gets it.
export function hide(node, isHidden) {
  const hadFocus = node === document.activeElement || node.contains(document.activeElement);
  node.hidden = isHidden;
  if (isHidden && hadFocus) (node.closest('.card')?.querySelector('h2') ?? document.querySelector('main h1'))?.focus({ preventScroll: true });
}

const focusable = 'a[href], button, input, select, textarea, summary, [tabindex]';
const keyOf = (node) => node.getAttribute('aria-label') ?? node.textContent.trim();
const titleOf = (card) => card.querySelector('h2').textContent;

// placeOf returns where an element is: the key and the number of its row, and its number among the controls of the row.
function placeOf(node) {
  const row = node.closest('tbody tr');
  return {
    key: keyOf(node), tag: node.tagName, card: node.closest('.card') && titleOf(node.closest('.card')),
    table: row?.closest('table').getAttribute('aria-label'), rowKey: row?.dataset.key, rowAt: row?.sectionRowIndex,
    at: row ? [...row.querySelectorAll(focusable)].indexOf(node) : -1,
  };
}

// successorOf returns the element that takes the place of one that is gone: in the same row, else in the row that has its
// number now, else the heading of its card.
function successorOf({ key, tag, card, table, rowKey, rowAt, at }) {
  const main = document.getElementById('main');
  if (table !== undefined) {
    const rows = [...main.querySelectorAll('table')].find((one) => one.getAttribute('aria-label') === table)?.tBodies[0].rows ?? [];
    const row = [...rows].find((one) => one.dataset.key === rowKey) ?? rows[Math.min(rowAt, rows.length - 1)];
    const controls = row?.querySelectorAll(focusable) ?? [];
    if (controls.length > 0) return controls[Math.min(at, controls.length - 1)];
  } else if (key !== '') {
    const same = [...main.querySelectorAll(focusable)].find((node) => node.tagName === tag && keyOf(node) === key && node.getClientRects().length > 0);
    if (same) return same;
  }
  return [...main.querySelectorAll('.card')].find((one) => titleOf(one) === card)?.querySelector('h2') ?? main.querySelector('h1');
}

// rememberFocus returns a function that returns the element with the focus, or its successor if it is gone.
export function rememberFocus() {
  const focused = document.activeElement;
  const place = placeOf(focused);
  return () => (focused.getClientRects().length > 0 ? focused : successorOf(place));
}

// keepFocus runs draw, which replaces contents of an element. If they had the focus, the same element or its successor
// has it afterwards.
export function keepFocus(root, draw) {
  const focused = document.activeElement;
  const isInside = focused !== root && root.contains(focused);
  const find = isInside && rememberFocus();
  draw();
  const isLost = document.activeElement === document.body || !document.activeElement;
  if (isInside && isLost) find()?.focus({ preventScroll: true });
}

// announce has screen readers read a text once they are idle.
export function announce(text) {
  document.getElementById('announce').textContent = text;
}

let toastTimer;
let toastOfNextPage = '';

// toast shows a short message for some seconds, and has screen readers read it.
export function toast(text) {
  const node = document.getElementById('toast');
  node.textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { node.textContent = ''; }, 5000);
}

// leaveFor opens a page and shows a message there.
export function leaveFor(hash, text) {
  toastOfNextPage = text;
  if (location.hash === hash) changeToast();
  else location.hash = hash;
}

// changeToast removes the message of the previous page.
export function changeToast() {
  toast(toastOfNextPage);
  toastOfNextPage = '';
}
