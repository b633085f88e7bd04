// Stubs: answers to requests that the server has no route for.

import { get, post, remove } from '../lib/api.js';
import { confirm } from '../lib/dialog.js';
import { h, replace, toast } from '../lib/dom.js';
import { codeArea, field, selectOf, textInput } from '../lib/forms.js';
import { act, actionHead, body, card, empty, load, numberHead, pageHead, table } from '../lib/parts.js';
import { jsonBlock } from '../lib/json.js';
import { watch } from '../lib/refresh.js';
import { bodyValue, headersOf } from './faults.js';

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
  const details = (stub.body !== undefined || stub.headers) && h('details', null, h('summary', { class: 'small' }, 'Answer'),
    jsonBlock({ headers: stub.headers, body: stub.body }, `Answer of stub ${stub.id}`));
  return h('tr', null,
    h('th', { scope: 'row' }, stub.id), h('td', null, stub.method ?? 'all'),
    h('td', null, h('div', { class: 'stack tight' }, h('code', null, stub.path), details)),
    h('td', null, stub.status),
    h('td', { class: 'number' }, stub.times ? `${stub.answered} of ${stub.times}` : stub.answered),
    h('td', null, h('div', { class: 'actions end' }, button), problem));
}

function form(refresh) {
  const controls = {
    method: selectOf([['', 'All'], 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
    path: textInput({ placeholder: '/api/atlas/v2/groups/{groupId}/serverless', 'aria-required': 'true' }),
    status: h('input', { type: 'number', min: '200', max: '599', placeholder: '200' }),
    times: h('input', { type: 'number', min: '0', placeholder: 'No limit' }),
    headers: codeArea({ rows: '2', placeholder: 'Retry-After: 5' }),
    body: codeArea({ rows: '6', placeholder: '{"results": [], "totalCount": 0}' }),
  };
  const node = (name, label, hint) => field({ label, control: controls[name], hint }).node;
  const problem = h('div');
  const submit = h('button', { class: 'primary' }, 'Add stub');
  const fill = (values) => {
    for (const [name, control] of Object.entries(controls)) control.value = values[name] ?? '';
    replace(problem);
  };
  const buttons = templates.map(([name, values]) => h('button', { type: 'button', class: 'slim', on: { click: () => { fill(values); submit.focus(); toast(`Template: ${name}. Add the stub, or change it first.`); } } }, name));
  const element = h('form', { class: 'form', novalidate: true },
    h('div', { class: 'templates', role: 'group', 'aria-label': 'Templates' }, h('span', { class: 'muted small' }, 'Templates:'), buttons),
    node('path', 'Path', '{name} matches a segment, {name...} at the end matches the rest.'),
    h('div', { class: 'row' }, node('method', 'Method'), node('status', 'Status'), node('times', 'Times', 'Requests that get this answer.')),
    node('headers', 'Headers (optional)', 'One in a line.'),
    node('body', 'Body (optional)', 'JSON, or a text that is sent unchanged.'),
    problem, h('div', { class: 'actions' }, submit, h('button', { type: 'button', on: { click: () => fill({}) } }, 'Clear the form')));
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    act(submit, problem, async () => {
      const stub = { path: controls.path.value.trim() };
      if (controls.method.value) stub.method = controls.method.value;
      if (controls.status.value) stub.status = Number(controls.status.value);
      if (controls.times.value) stub.times = Number(controls.times.value);
      if (controls.headers.value.trim()) stub.headers = headersOf(controls.headers.value);
      if (controls.body.value.trim()) stub.body = bodyValue(controls.body.value);
      const added = await post('stubs', stub);
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
    clear.hidden = stubs.length === 0;
    replace(rows, stubs.length === 0
      ? empty('No stubs yet', h('p', null, 'The server answers requests to other endpoints of Atlas with 404. Add a stub to give them an answer.'))
      : table('Stubs', ['ID', 'Method', 'Path', 'Status', numberHead('Answered'), actionHead()], stubs.map((stub) => row(stub, refresh))));
  };
  const refresh = () => load(rows, () => get('stubs', signal), display);
  clear.addEventListener('click', () => confirm({
    title: 'Remove all stubs?', text: 'Their requests get 404 again.', action: 'Remove all', run: () => remove('stubs'),
  }).then((done) => { if (done) { toast('Stubs removed.'); refresh(); } }));
  replace(root, pageHead('Stubs', 'Answers to requests that the server has no route for. The list hides values.'),
    card('Stubs', clear, rows), card('New stub', null, body(form(refresh))));
  await refresh();
  watch(place, ['stubs'], refresh);
}
