// Stubs: responses to requests that the server has no route for.

import { get, post, remove } from '../lib/api.js';
import { confirm } from '../lib/dialog.js';
import { h, hide, replace, toast } from '../lib/dom.js';
import { atField, codeArea, field, selectOf, textInput } from '../lib/forms.js';
import { act, actionHead, body, card, empty, load, numberHead, pageHead, table } from '../lib/parts.js';
import { jsonBlock } from '../lib/json.js';
import { watch } from '../lib/refresh.js';
import { valuesOf } from './faults.js';

export const title = 'Stubs';

const templates = [
  ['Empty list', { method: 'GET', path: '/api/atlas/v2/groups/{groupId}/serverless', body: '{"results": [], "totalCount": 0}' }],
  ['Created object', { method: 'POST', path: '/api/atlas/v2/groups/{groupId}/databaseUsers', status: '201', body: '{"username": "app", "databaseName": "admin"}' }],
  ['No content', { method: 'DELETE', path: '/api/atlas/v2/groups/{groupId}/databaseUsers/{databaseName}/{username}', status: '204' }],
  ['Page of a proxy', { path: '/internal/{rest...}', status: '503', headers: 'Content-Type: text/html\nRetry-After: 5', body: '<h1>Closed</h1>' }],
];

function row(stub, refresh) {
  const problem = h('div');
  const button = h('button', { type: 'button', class: 'slim danger', 'aria-label': `Remove stub ${stub.id}` }, 'Remove');
  button.addEventListener('click', () => act(button, problem, async () => {
    await remove(`stubs/${encodeURIComponent(stub.id)}`);
    toast(`Stub ${stub.id} removed.`);
    await refresh();
  }));
  const details = (stub.body !== undefined || stub.headers) && h('details', null, h('summary', { class: 'small' }, 'Response'),
    jsonBlock({ headers: stub.headers, body: stub.body }, `Response of stub ${stub.id}`));
  return h('tr', { 'data-key': stub.id },
    h('th', { scope: 'row' }, stub.id), h('td', null, stub.method ?? 'all'),
    h('td', null, h('div', { class: 'stack tight' }, h('code', null, stub.path), details)),
    h('td', null, stub.status),
    h('td', { class: 'number' }, stub.times ? `${stub.applied} of ${stub.times}` : stub.applied),
    h('td', null, h('div', { class: 'actions end' }, button), problem));
}

const labels = {
  path: ['Path', '{name} matches a segment, {name}:pause one that ends in :pause, {name...} at the end the rest.'], method: ['Method'], status: ['Status'],
  times: ['Times', 'Requests that get this response.'], headers: ['Headers', 'One in a line.'], body: ['Body', 'JSON, or a text that is sent unchanged.'],
};

async function addStub(fields) {
  for (const built of Object.values(fields)) built.show([]);
  const stub = valuesOf(fields);
  try {
    return await post('stubs', stub);
  } catch (error) {
    throw atField(error, fields, Object.fromEntries(Object.entries(labels).map(([name, [label]]) => [name, label])));
  }
}

function form(refresh) {
  const controls = {
    method: selectOf([['', 'All'], 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
    path: textInput({ placeholder: '/api/atlas/v2/clusters', 'aria-required': 'true' }),
    status: h('input', { type: 'number', min: '200', max: '599', placeholder: '200' }),
    times: h('input', { type: 'number', min: '0', placeholder: 'No limit' }),
    headers: codeArea({ rows: '2', placeholder: 'Retry-After: 5' }),
    body: codeArea({ rows: '6', placeholder: '{"results": [], "totalCount": 0}' }),
  };
  const fields = Object.fromEntries(Object.entries(labels).map(([name, [label, hint]]) => [name,
    field({ label: ['headers', 'body'].includes(name) ? `${label} (optional)` : label, control: controls[name], hint })]));
  const node = (name) => fields[name].node;
  const problem = h('div');
  const submit = h('button', { class: 'primary' }, 'Add stub');
  const fill = (values) => {
    for (const [name, built] of Object.entries(fields)) {
      built.control.value = values[name] ?? '';
      built.clear();
    }
    replace(problem);
  };
  const buttons = templates.map(([name, values]) => h('button', { type: 'button', class: 'slim', on: { click: () => { fill(values); submit.focus(); toast(`Template: ${name}. Add the stub, or change it first.`); } } }, name));
  const element = h('form', { class: 'form', novalidate: true },
    h('div', { class: 'templates', role: 'group', 'aria-label': 'Templates' }, h('span', { class: 'muted small' }, 'Templates:'), buttons),
    node('path'), h('div', { class: 'row' }, node('method'), node('status'), node('times')), node('headers'), node('body'),
    problem, h('div', { class: 'actions' }, submit, h('button', { type: 'button', on: { click: () => fill({}) } }, 'Clear the form')));
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    act(submit, problem, async () => {
      const added = await addStub(fields);
      fill({});
      toast(`Stub ${added.id} added.`);
      await refresh();
    });
  });
  return element;
}

export async function show(place) {
  const { root, signal } = place;
  const rows = h('div');
  const clear = h('button', { type: 'button', class: 'danger', hidden: true }, 'Remove all');
  const display = ({ stubs }) => {
    hide(clear, stubs.length === 0);
    replace(rows, stubs.length === 0
      ? empty('No stubs yet', h('p', null, 'The server returns 404 for requests to other endpoints of Atlas. Add a stub to return a response of your own.'))
      : table('Stubs', ['ID', 'Method', 'Path', 'Status', numberHead('Applied'), actionHead()], stubs.map((stub) => row(stub, refresh))));
  };
  const refresh = () => load(rows, () => get('stubs', signal), display);
  clear.addEventListener('click', () => confirm({
    title: 'Remove all stubs?', text: 'Their requests get 404 again.', action: 'Remove all', run: () => remove('stubs'),
  }).then((done) => { if (done) { toast('Stubs removed.'); refresh(); } }));
  replace(root, pageHead('Stubs', 'Responses to requests that the server has no route for. The list hides values.'),
    card('Stubs', clear, rows), card('New stub', null, body(form(refresh))));
  await refresh();
  watch(place, ['stubs'], refresh);
}
