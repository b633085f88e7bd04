// Faults: requests that fail on purpose.

import { get, post, remove, types } from '../lib/api.js';
import { confirm } from '../lib/dialog.js';
import { h, hide, replace, toast } from '../lib/dom.js';
import { atField, checkbox, codeArea, field, fieldError, selectOf, suggest, textInput } from '../lib/forms.js';
import { act, actionHead, body, card, empty, load, numberHead, pageHead, table } from '../lib/parts.js';
import { watch } from '../lib/refresh.js';

export const title = 'Faults';

const templates = [
  ['429 rate limit', { errorCode: 'RATE_LIMITED_TOKEN_BUCKET', retryAfter: '2s', times: 2 }],
  ['503 unavailable', { status: 503, times: 2 }],
  ['Drop the connection', { drop: true, times: 2 }],
  ['Truncate the response', { truncate: true, times: 1 }],
  ['Delay', { delay: '2s' }],
  ['Some requests fail', { status: 503, probability: 0.1, seed: 7 }],
  ['Token requests fail', { path: '/api/oauth/token', status: 401, times: 1 }],
];

const selectors = ['method', 'path', 'project', 'type', 'header'];

// texts returns what a fault selects and what it does.
function texts(fault) {
  const selects = selectors.filter((name) => fault[name]).map((name) => `${name} ${typeof fault[name] === 'string' ? fault[name] : JSON.stringify(fault[name])}`);
  const results = [
    fault.status && `status ${fault.status}`, fault.errorCode, fault.retryAfter && `Retry-After ${fault.retryAfter}`, fault.delay && `delay ${fault.delay}`,
    fault.drop && 'close the connection without a response', fault.truncate && 'truncate the response', fault.body !== undefined && 'own body',
    fault.responseHeader && `headers ${Object.keys(fault.responseHeader).join(', ')}`,
    fault.probability && `probability ${fault.probability}`,
  ].filter(Boolean);
  return { selects: selects.join(', ') || 'every request of v2 and v1.0', results: results.join(', ') };
}

function row(fault, refresh) {
  const { selects, results } = texts(fault);
  const problem = h('div');
  const button = h('button', { type: 'button', class: 'slim danger', 'aria-label': `Remove fault ${fault.id}` }, 'Remove');
  button.addEventListener('click', () => act(button, problem, async () => {
    await remove(`faults/${encodeURIComponent(fault.id)}`);
    toast(`Fault ${fault.id} removed.`);
    await refresh();
  }));
  return h('tr', { 'data-key': fault.id }, h('th', { scope: 'row' }, fault.id), h('td', null, selects), h('td', null, results),
    h('td', { class: 'number' }, fault.applied ?? 0), h('td', { class: 'number' }, fault.times ? fault.times : 'no limit'),
    h('td', null, h('div', { class: 'actions end' }, button), problem));
}

// headersOf reads lines such as "Name: value".
function headersOf(text) {
  const headers = {};
  for (const line of text.split('\n').filter((l) => l.trim() !== '')) {
    const colon = line.indexOf(':');
    if (colon < 1) throw Object.assign(new Error('a header has no colon'), { hint: 'write one header in a line, such as Retry-After: 5' });
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}

// bodyValue returns the body of a field: the value if its text is JSON, else the text. For a text that begins as JSON
// does, it throws a warning once.
function bodyValue(built) {
  const text = built.control.value;
  try {
    return JSON.parse(text);
  } catch {
    if (/^\s*[[{]/.test(text) && built.accepted !== text) {
      built.accepted = text;
      throw Object.assign(new Error('it begins like JSON, but is not JSON'), {
        severity: 'warning', hint: 'correct it, or press the button again to send it as a text',
      });
    }
    return text;
  }
}

function controlsFor(typeNames) {
  return {
    method: selectOf([['', 'All'], 'GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    path: textInput({ placeholder: '*/DATADOG' }),
    project: textInput({ placeholder: 'All', maxlength: '24' }),
    type: selectOf([['', 'All'], ...typeNames]),
    status: h('input', { type: 'number', min: '400', max: '599', placeholder: '503' }),
    errorCode: textInput({ placeholder: 'RATE_LIMITED' }),
    retryAfter: textInput({ placeholder: '2s' }),
    delay: textInput({ placeholder: '300ms' }),
    drop: checkbox(false),
    truncate: checkbox(false),
    times: h('input', { type: 'number', min: '0', placeholder: 'No limit' }),
    probability: h('input', { type: 'number', min: '0', max: '1', step: 'any', placeholder: '1' }),
    seed: h('input', { type: 'number', min: '0' }),
    header: codeArea({ rows: '2', placeholder: 'User-Agent: my-client' }),
    responseHeader: codeArea({ rows: '2', placeholder: 'Content-Type: text/html' }),
    body: codeArea({ rows: '4' }),
  };
}

const labels = {
  method: ['Method'], path: ['Path', '"*" matches any text, including slashes. Without a path, only requests of v2 and v1.0 match.'], project: ['Project ID'], type: ['Type'],
  status: ['Status', 'From 400 to 599.'], errorCode: ['Error code', 'A code of Atlas needs no status.'],
  retryAfter: ['Retry-After', 'A duration such as 2s.'], delay: ['Delay', 'Before the response, such as 300ms.'],
  drop: ['Close the connection before the change is applied'], truncate: ['Close the connection in the middle of the response'],
  times: ['Times', 'Requests that fail. Then the fault is removed.'], probability: ['Probability', 'Greater than 0, and 1 at most.'], seed: ['Seed', 'With the same seed, the same requests fail.'],
  header: ['Request headers', 'One in a line; the whole value must match. No credentials.'],
  responseHeader: ['Headers of the response', 'One in a line.'], body: ['Body of the response', 'JSON, or a text that is sent unchanged.'],
};

// inputOf returns the value of a field as it is sent.
function inputOf(name, built) {
  const { control } = built;
  if (control.type === 'checkbox') return control.checked || undefined;
  if (control.value.trim() === '') return undefined;
  if (['header', 'headers', 'responseHeader'].includes(name)) return headersOf(control.value);
  if (name === 'body') return bodyValue(built);
  return control.type === 'number' ? Number(control.value) : control.value.trim();
}

// valuesOf returns the values of fields for the control API. The error of a value is that of its field.
export function valuesOf(fields) {
  const values = {};
  for (const [name, built] of Object.entries(fields)) {
    if (built.control.validity.badInput) throw fieldError(built, 'this is not a number');
    try {
      const value = inputOf(name, built);
      if (value !== undefined) values[name] = value;
    } catch (error) {
      throw Object.assign(error, { field: built });
    }
  }
  return values;
}

const results = ['status', 'errorCode', 'delay', 'drop', 'truncate'];

async function addFault(fields) {
  for (const built of Object.values(fields)) built.show([]);
  const fault = valuesOf(fields);
  if (!results.some((name) => fault[name] !== undefined)) {
    throw fieldError(fields.status, 'the fault has no result', 'set a status, an error code or a delay, or close the connection');
  }
  try {
    return await post('faults', fault);
  } catch (error) {
    throw atField(error, fields, Object.fromEntries(Object.entries(labels).map(([name, [label]]) => [name, label])));
  }
}

function form(typeNames, errorCodes, refresh) {
  const controls = controlsFor(typeNames);
  const fields = Object.fromEntries(Object.entries(controls).map(([name, control]) => [name,
    field({ label: labels[name][0], name: '', control, hint: labels[name][1], check: control.type === 'checkbox' })]));
  suggest(controls.errorCode, errorCodes);
  const node = (name) => fields[name].node;
  const problem = h('div');
  const submit = h('button', { class: 'primary' }, 'Add fault');
  const fill = (values) => {
    for (const [name, control] of Object.entries(controls)) {
      if (control.type === 'checkbox') control.checked = Boolean(values[name]);
      else control.value = values[name] ?? '';
      fields[name].clear();
    }
    replace(problem);
  };
  const buttons = templates.map(([name, values]) => h('button', { type: 'button', class: 'slim', on: { click: () => { fill(values); submit.focus(); toast(`Template: ${name}. Add the fault, or change it first.`); } } }, name));
  const element = h('form', { class: 'form wide', novalidate: true },
    h('div', { class: 'templates', role: 'group', 'aria-label': 'Templates' }, h('span', { class: 'muted small' }, 'Templates:'), buttons),
    h('div', { class: 'columns wide' },
      h('fieldset', { class: 'group' }, h('legend', { class: 'hidden-text' }, 'Requests'), h('div', { class: 'stack' }, h('h3', { 'aria-hidden': 'true' }, 'Requests'),
        h('div', { class: 'row' }, node('method'), node('type')), node('path'), node('project'))),
      h('fieldset', { class: 'group' }, h('legend', { class: 'hidden-text' }, 'Result'), h('div', { class: 'stack' }, h('h3', { 'aria-hidden': 'true' }, 'Result'),
        h('div', { class: 'row' }, node('status'), node('errorCode')), h('div', { class: 'row' }, node('retryAfter'), node('delay')), node('drop'), node('truncate')))),
    h('div', { class: 'row' }, node('times'), node('probability'), node('seed')),
    h('details', null, h('summary', null, 'Headers and body'), h('div', { class: 'stack' }, node('header'), node('responseHeader'), node('body'))),
    problem, h('div', { class: 'actions' }, submit, h('button', { type: 'button', on: { click: () => fill({}) } }, 'Clear the form')));
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    act(submit, problem, async () => {
      const added = await addFault(fields);
      fill({});
      toast(`Fault ${added.id} added.`);
      await refresh();
    });
  });
  return element;
}

export async function show(place) {
  const { root, signal } = place;
  const rows = h('div');
  const clear = h('button', { type: 'button', class: 'danger', hidden: true }, 'Remove all');
  const display = ({ faults }) => {
    hide(clear, faults.length === 0);
    replace(rows, faults.length === 0
      ? empty('No active faults', h('p', null, 'Add one below. A fault is active until you remove it, or until it was used as often as you set.'))
      : [table('Active faults', ['ID', 'Requests', 'Result', numberHead('Applied'), numberHead('Left'), actionHead()], faults.map((fault) => row(fault, refresh))),
        faults.length > 1 && body(h('p', { class: 'muted small' }, 'At most one fault applies to a request: the first in this list that matches. Faults with a number of times come before those without, then the oldest come first.'))]);
  };
  const refresh = () => load(rows, () => get('faults', signal), display);
  clear.addEventListener('click', () => confirm({
    title: 'Remove all faults?', text: 'Requests succeed again.', action: 'Remove all', run: () => remove('faults'),
  }).then((done) => { if (done) { toast('Faults removed.'); refresh(); } }));
  const { types: list, errorCodes } = await types();
  replace(root, pageHead('Faults', 'Make requests fail, to test how clients react.'),
    card('Active faults', clear, rows),
    card('New fault', null, body(form([...new Set(list.map((t) => t.name))].sort(), errorCodes, refresh))));
  await refresh();
  watch(place, ['faults'], refresh);
}
