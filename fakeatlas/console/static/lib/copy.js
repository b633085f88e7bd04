// Copies texts to the clipboard.

import { h, toast } from './dom.js';

// copy puts a text on the clipboard. Pages without https have no clipboard, except on this machine.
export async function copy(text, what = 'Copied.') {
  try {
    await navigator.clipboard.writeText(text);
    toast(what);
  } catch {
    toast('The browser blocks the clipboard. Select the text and copy it.');
  }
}

// copyButton returns a button that copies what text returns.
export const copyButton = (text, label, name = 'Copy') =>
  h('button', { type: 'button', class: 'slim', 'aria-label': label, on: { click: () => copy(text()) } }, name);

// snippet returns a block of code with a button that copies it.
export function snippet(text, label) {
  return h('div', { class: 'snippet' },
    h('div', { class: 'bar' }, h('span', null, label), copyButton(() => text, `Copy: ${label}`)),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, h('code', null, text)));
}
