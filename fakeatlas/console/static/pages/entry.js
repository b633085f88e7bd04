// One request of the journal in full.

import { post } from '../lib/api.js';
import { copy } from '../lib/copy.js';
import { curlOf } from '../lib/curl.js';
import { h, replace } from '../lib/dom.js';
import { faultText, isTruncated, statusClassOf } from '../lib/entries.js';
import { duration, milliseconds } from '../lib/format.js';
import { findingItem } from '../lib/forms.js';
import { body, facts } from '../lib/parts.js';
import { jsonBlock } from '../lib/json.js';

const aboutMasks = ['masked-value', 'placeholder'];

// findingsOf returns the findings of the validator about the fields that the server has rejected. The journal has masks
// in place of secrets: findings about other fields would be about the masks.
async function findingsOf(entry) {
  const rejected = entry.response?.badRequestDetail?.fields;
  if (!Array.isArray(rejected) || entry.body === undefined || !['create', 'update'].includes(entry.operation)) return [];
  const { findings } = await post('validate', { apiVersion: entry.apiVersion, operation: entry.operation, body: entry.body });
  return rejected.flatMap(({ field }) => {
    const own = findings.filter((f) => f.pointer === `/${field}` && !aboutMasks.includes(f.rule));
    if (own.length > 0) return own.map((f) => ({ ...f, field }));
    return [{ severity: 'error', field, message: field === '(hidden)' ? 'the type does not have this field' : 'the server rejected the value' }];
  });
}

const link = (href, text) => h('a', { href }, text);

function factsOf(entry) {
  return facts([
    ['Status', [h('span', { class: `status ${statusClassOf(entry)}` }, entry.status === 0 ? 'closed without a response' : entry.status, isTruncated(entry) && ' truncated'), entry.challenge ? ' challenge' : entry.errorCode && ` ${entry.errorCode}`]],
    ['Time', entry.time],
    ['Duration', duration(milliseconds(entry.duration))],
    ['Path', h('code', null, entry.path)],
    ['Query', entry.query && h('code', null, entry.query)],
    ['Operation', entry.operation],
    ['API version', entry.apiVersion],
    ['Project', entry.project && link(`#/projects/${entry.project}`, entry.project)],
    ['Type', entry.type],
    ['Fault', entry.fault && link('#/faults', `Fault ${faultText(entry)}`)],
    ['Stub', entry.stub && link('#/stubs', `Stub ${entry.stub}`)],
    ['Fallback', entry.fallback && 'returned by the server of --fallback'],
    ['User', entry.user && h('code', null, entry.user)],
    ...Object.entries(entry.header ?? {}).map(([name, value]) => [name, h('code', null, value)]),
  ]);
}

const section = (title, content) => h('section', { class: 'stack tight' }, h('h3', null, title), content);

function bodySection(entry) {
  if (entry.body !== undefined) return section('Body', jsonBlock(entry.body, 'Body of the request'));
  if (entry.bodySize > 0) return section('Body', h('p', { class: 'muted' }, `${entry.bodySize.toLocaleString('en')} bytes, not in the journal.`));
  return null;
}

// Some browsers allow the clipboard only at once after a click, not after a request.
const copyCurl = (entry) => copy(curlOf(entry, location.origin), 'Copied. Set the variables of the command before you run it.');

// showEntry shows a request in an element.
export async function showEntry(place, entry) {
  const findings = h('div');
  const copyButton = h('button', { type: 'button', on: { click: () => copyCurl(entry) } }, 'Copy as curl');
  replace(place, h('section', { class: 'card' },
    h('header', null, h('h2', { tabindex: '-1' }, `Request ${entry.seq}: ${entry.method}`),
      h('div', { class: 'actions' }, copyButton, h('a', { class: 'button', href: '#/journal' }, 'Close'))),
    body(factsOf(entry), entry.challenge && h('p', { class: 'muted small' }, 'Clients with an API key send a request without credentials first, and repeat it with them.'),
      findings, bodySection(entry),
      entry.response !== undefined && section('Response', [isTruncated(entry) && h('p', { class: 'muted small' }, 'The fault closed the connection in the middle of this body.'), jsonBlock(entry.response, 'Body of the response')]))));
  try {
    const list = await findingsOf(entry);
    if (list.length > 0) replace(findings, section('Findings', h('ul', { class: 'findings' }, list.map(findingItem))));
  } catch { /* the response names the fields, too */ }
}
