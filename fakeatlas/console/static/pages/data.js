// Snapshots, restore and reset.

import { get, post, put, request } from '../lib/api.js';
import { confirm } from '../lib/dialog.js';
import { h, replace, toast } from '../lib/dom.js';
import { checkbox, field, fieldError, textInput } from '../lib/forms.js';
import { plural } from '../lib/format.js';
import { act, body, card, notice, pageHead } from '../lib/parts.js';

export const title = 'Data';

// download has the browser save a text as a file.
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10e3);
}

function snapshotCard() {
  const masked = checkbox(false);
  const result = h('div');
  const button = h('button', { type: 'button', class: 'primary' }, 'Download snapshot');
  button.addEventListener('click', () => act(button, result, async () => {
    const response = await request('GET', `state${masked.checked ? '?masked=true' : ''}`);
    const hasSecrets = response.headers.get('Atlasint-Secrets') === 'plain';
    download(`atlasint-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.json`, await response.text());
    replace(result, hasSecrets
      ? notice('warn', 'The file contains secrets as they were sent', h('p', null, 'Keep it where only you can read it.'))
      : notice('ok', 'The file contains masks in place of secrets'));
  }));
  return card('Snapshot', null, body(
    h('p', null, 'A snapshot contains all projects, integrations and alert configurations. The memory store keeps secrets as they were sent; other stores keep masks.'),
    field({ label: 'Mask all secrets', control: masked, check: true, hint: 'For a look at the data. A server with a memory store does not restore such a file.' }).node,
    result, h('div', { class: 'actions' }, button)));
}

// isMasked reports whether a snapshot has masked secrets. Only the memory store keeps no masks, and rejects them.
const isMasked = (text) => /"\*{4,}/.test(text);

function restoreCard() {
  const file = h('input', { type: 'file', accept: '.json,application/json' });
  const chooser = field({ label: 'Snapshot file', control: file });
  const result = h('div');
  const button = h('button', { class: 'primary' }, 'Restore…');
  const form = h('form', { class: 'form', novalidate: true },
    h('p', null, 'The snapshot replaces all stored data. The server validates it first, and stores all of it or nothing.'),
    chooser.node, result, h('div', { class: 'actions' }, button));
  const restore = async () => {
    const chosen = file.files[0];
    chooser.show([]);
    if (!chosen) throw fieldError(chooser, 'no file is selected', 'select a snapshot that you have downloaded');
    const text = await chosen.text();
    let projects;
    try {
      projects = Object.keys(JSON.parse(text).projects ?? {}).length;
    } catch {
      throw fieldError(chooser, 'the file is not valid JSON', 'select a snapshot that you have downloaded');
    }
    if (isMasked(text) && (await get('overview')).store === 'memory') {
      throw fieldError(chooser, 'the file contains masks in place of secrets', 'download a snapshot without “Mask all secrets”');
    }
    const done = await confirm({
      title: 'Restore the snapshot?', text: `${chosen.name} has ${plural(projects, 'project')}. They replace all stored data.`,
      action: 'Restore', run: () => put('state', text),
    });
    if (done) replace(result, notice('ok', 'Restored', h('p', null, h('a', { href: '#/projects' }, 'Show the projects'))));
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act(button, result, restore);
  });
  return card('Restore', null, body(form));
}

const resetTexts = [
  'All projects, integrations, alert configurations, requests in the journal, faults and stubs are removed. All access tokens expire, and the clock runs with the machine.',
  'Seeds and the stubs of --stub-dir are not stored again.',
];

function resetCard() {
  const all = h('button', { type: 'button', class: 'danger' }, 'Reset the server…');
  all.addEventListener('click', () => confirm({
    title: 'Reset the server?', action: 'Reset',
    text: resetTexts,
    run: () => post('reset'),
  }).then((done) => done && toast('The server was reset.')));
  const project = textInput({ placeholder: '5d791c84ff7a2522cc4f9aa1', maxlength: '24', 'aria-required': 'true' });
  const built = field({ label: 'Project ID', control: project, hint: 'Removes its integrations, alert configurations, faults and requests. The project and its settings stay.' });
  const problem = h('div');
  const one = h('button', { class: 'danger' }, 'Reset the project…');
  const form = h('form', { class: 'form', novalidate: true }, built.node, problem, h('div', { class: 'actions' }, one));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const id = project.value.trim();
    act(one, problem, async () => {
      built.show([]);
      if (!/^[a-f0-9]{24}$/.test(id)) throw fieldError(built, 'this is not a project ID', 'a project ID has 24 hexadecimal digits in lower case');
      const done = await confirm({
        title: 'Reset the project?', text: `The integrations, alert configurations, faults and requests of ${id} are removed.`,
        action: 'Reset', run: () => post(`reset?project=${id}`),
      });
      if (done) toast('The project was reset.');
    });
  });
  return [
    card('Reset one project', null, body(form)),
    card('Reset everything', null, body(resetTexts.map((text) => h('p', null, text)), h('div', { class: 'actions' }, all))),
  ];
}

export function show({ root }) {
  replace(root, pageHead('Data', 'Save, restore and remove what the server stores.'),
    h('div', { class: 'columns wide' }, snapshotCard(), restoreCard(), resetCard()));
}
