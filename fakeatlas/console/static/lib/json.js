// Indented JSON with marked tokens.

import { h } from './dom.js';

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

// jsonBlock returns an element with the indented JSON of a value.
export function jsonBlock(value, label) {
  const text = JSON.stringify(value, null, 2) ?? 'null';
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    parts.push(text.slice(at, match.index));
    const [whole, string, colon] = match;
    if (colon) parts.push(h('span', { class: 'key' }, string), colon);
    else parts.push(h('span', { class: string ? 'string' : 'literal' }, whole));
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return h('pre', { class: 'json', tabindex: '0', role: 'region', 'aria-label': label }, parts);
}
