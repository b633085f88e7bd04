// Parts that several pages have.

import { h, keepFocus, replace } from './dom.js';
import { sentence } from './format.js';

// pageHead returns the heading of a page, a sentence about it, and its actions.
export function pageHead(title, about, ...actions) {
  return h('div', { class: 'page-head' },
    h('div', null, h('h1', { tabindex: '-1' }, title), about && h('p', { class: 'muted' }, about)),
    actions.length > 0 && h('div', { class: 'actions' }, actions));
}

// card returns a part of a page with a heading.
export function card(title, actions, ...children) {
  return h('section', { class: 'card' },
    h('header', null, h('h2', { tabindex: '-1' }, title), h('div', { class: 'actions' }, actions)), children);
}

// body returns the inner part of a card.
export const body = (...children) => h('div', { class: 'body' }, children);

// empty returns the text of a list without entries.
export const empty = (title, ...children) => h('div', { class: 'empty' }, h('strong', null, title), children);

// errorNotice returns an error and its hint.
export function errorNotice(error, ...children) {
  return h('div', { class: 'notice error', role: 'alert' },
    h('strong', null, sentence(error.message)), error.hint && h('p', null, sentence(error.hint)), children);
}

// notice returns a short text of a kind: ok, warn or none.
export const notice = (kind, title, ...children) =>
  h('div', { class: `notice ${kind}` }, h('strong', null, title), children);

const headRow = (heads) => h('tr', { role: 'row' },
  heads.map((head) => head instanceof Node ? head : h('th', { scope: 'col', role: 'columnheader' }, head)));

// table returns a table. Heads are texts, or elements of type th. Narrow screens show its rows as blocks; the roles stay
// those of a table.
export function table(label, heads, rows) {
  const head = headRow(heads);
  for (const row of rows) {
    row.setAttribute('role', 'row');
    [...row.cells].forEach((cell, i) => {
      cell.setAttribute('role', cell.tagName === 'TH' ? 'rowheader' : 'cell');
      const name = head.cells[i].textContent;
      if (head.cells[i].dataset.label !== '' && (i > 0 || name === 'ID')) cell.dataset.label = name;
    });
  }
  return h('div', { class: 'scroll' }, h('table', { class: 'rows', role: 'table', 'aria-label': label },
    h('thead', { role: 'rowgroup' }, head), h('tbody', { role: 'rowgroup' }, rows)));
}

// numberHead returns the head of a column of numbers.
export const numberHead = (text) => h('th', { scope: 'col', role: 'columnheader', class: 'number' }, text);

// actionHead returns the head of a column of buttons.
export const actionHead = () => h('th', { scope: 'col', role: 'columnheader', 'data-label': '' }, h('span', { class: 'hidden-text' }, 'Actions'));

// facts returns a list of names and values. Values that are undefined, null or "" are left out.
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return h('dl', { class: 'facts' }, shown.map(([name, value]) => [h('dt', null, name), h('dd', null, value)]));
}

// load shows what read returns, or its error with a button to try again.
export async function load(place, read, show) {
  try {
    const value = await read();
    keepFocus(place, () => show(value));
  } catch (error) {
    if (error.name === 'AbortError') return;
    const retry = h('button', { type: 'button', on: { click: () => load(place, read, show) } }, 'Try again');
    keepFocus(place, () => replace(place, h('div', { class: 'problem' }, errorNotice(error, h('div', { class: 'actions' }, retry)))));
  }
}

// act runs an action of a button, and shows its error at its field, or in place. Meanwhile the button does nothing; it
// keeps the focus, which a disabled one would lose.
export async function act(button, place, action) {
  if (button.getAttribute('aria-disabled') === 'true') return undefined;
  button.setAttribute('aria-disabled', 'true');
  replace(place);
  try {
    return await action();
  } catch (error) {
    if (error.field) error.field.reject(error);
    else replace(place, errorNotice(error)).scrollIntoView({ block: 'nearest' });
    return undefined;
  } finally {
    button.removeAttribute('aria-disabled');
  }
}
