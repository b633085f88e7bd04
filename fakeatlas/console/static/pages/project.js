// One project: its integrations and alert configurations.

import { get, send, types } from '../lib/api.js';
import { copyButton } from '../lib/copy.js';
import { confirm } from '../lib/dialog.js';
import { h, leaveFor, replace, toast } from '../lib/dom.js';
import { isoSeconds, plural } from '../lib/format.js';
import { act, actionHead, body, card, empty, facts, load, pageHead, table } from '../lib/parts.js';
import { watch } from '../lib/refresh.js';
import { statusOf, textOf } from '../lib/responses.js';
import { bodyOf, fieldError, fieldFor } from '../lib/forms.js';
import { nameOf, projectFields } from './projects.js';

export const title = 'Project';

// sendOrThrow has the server process a request, and throws an error if it is rejected. What names the action.
async function sendOrThrow(what, method, apiVersion, path, sent) {
  const response = await send(method, apiVersion, path, sent);
  if (response.status >= 200 && response.status < 300) return;
  const text = textOf(response);
  throw Object.assign(new Error(`can't ${what}`), { hint: response.status === 0 ? text : `${statusOf(response)}: ${text}` });
}

const valueText = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

const fieldList = (fields) => h('div', { class: 'mono' },
  Object.entries(fields).filter(([, value]) => value !== null).map(([name, value], i) => [i > 0 && h('br'), `${name}: ${valueText(value)}`]));

// deleteIntegration uses v1.0 for types that v2 does not have.
async function deleteIntegration(id, type) {
  const { types: list } = await types();
  const apiVersion = list.some((t) => t.name === type && t.apiVersion === 'v2') ? 'v2' : 'v1.0';
  await sendOrThrow(`delete ${type}`, 'DELETE', apiVersion, `/groups/${id}/integrations/${type}`);
}

function integrationRow(id, { type, id: integrationID, fields }) {
  const remove = () => confirm({
    title: `Delete ${type}?`, text: 'The server deletes the integration of this project.', action: 'Delete',
    run: () => deleteIntegration(id, type),
  }).then((done) => done && toast(`${type} deleted.`));
  return h('tr', { 'data-key': type },
    h('th', { scope: 'row' }, type, h('div', { class: 'muted small mono' }, integrationID)),
    h('td', null, fieldList(fields)),
    h('td', null, h('div', { class: 'actions end' },
      h('a', { class: 'button slim', href: `#/projects/${id}/integrations/${type}`, 'aria-label': `Edit ${type}` }, 'Edit'),
      h('button', { type: 'button', class: 'slim danger', 'aria-label': `Delete ${type}`, on: { click: remove } }, 'Delete'))));
}

const operators = { GREATER_THAN: '>', GREATER_THAN_OR_EQUAL: '≥', LESS_THAN: '<', LESS_THAN_OR_EQUAL: '≤' };

// conditionOf returns the threshold of an alert configuration, with its metric if it has one; "" for none.
function conditionOf({ metricThreshold, threshold }) {
  const { metricName, operator, threshold: value, units } = metricThreshold ?? threshold ?? {};
  return [metricName, operators[operator] ?? operator, value, units !== 'RAW' && units].filter((part) => part || part === 0).join(' ');
}

function alertRow(id, { id: alertID, fields, updated }, problem) {
  const path = `/groups/${id}/alertConfigs/${alertID}`;
  const event = fields.eventTypeName ?? alertID;
  const condition = conditionOf(fields);
  const name = [event, condition].filter(Boolean).join(' ');
  const toggle = h('button', { type: 'button', class: 'slim', 'aria-label': `${fields.enabled ? 'Disable' : 'Enable'} ${name}` }, fields.enabled ? 'Disable' : 'Enable');
  toggle.addEventListener('click', () => act(toggle, problem, () => sendOrThrow(`${fields.enabled ? 'disable' : 'enable'} ${name}`, 'PATCH', 'v2', path, { enabled: !fields.enabled })));
  const remove = () => confirm({
    title: `Delete ${name}?`, text: 'The server deletes the alert configuration.', action: 'Delete',
    run: () => sendOrThrow('delete the alert configuration', 'DELETE', 'v2', path),
  }).then((done) => done && toast('Alert configuration deleted.'));
  const targets = (fields.notifications ?? []).map((n) => n.typeName).join(', ');
  return h('tr', { 'data-key': alertID },
    h('th', { scope: 'row' }, event, condition && h('div', { class: 'condition' }, condition), h('div', { class: 'muted small mono' }, alertID)),
    h('td', null, h('span', { class: fields.enabled ? 'tag ok' : 'tag' }, fields.enabled ? 'enabled' : 'disabled')),
    h('td', null, targets || '–'),
    h('td', { class: 'nowrap' }, updated ? isoSeconds(updated) : '–'),
    h('td', null, h('div', { class: 'actions end' }, toggle,
      h('a', { class: 'button slim', href: `#/projects/${id}/alerts/${alertID}`, 'aria-label': `Edit ${name}` }, 'Edit'),
      h('button', { type: 'button', class: 'slim danger', 'aria-label': `Delete ${name}`, on: { click: remove } }, 'Delete'))));
}

function integrations(id, list) {
  const add = h('a', { class: 'button', href: `#/projects/${id}/integrations/new` }, 'New integration');
  return card('Integrations', add, list.length === 0
    ? empty('No integrations yet', h('p', null, 'Add one here, or send a POST to ', h('code', null, `/api/atlas/v2/groups/${id}/integrations/TYPE`), '.'))
    : table('Integrations', ['Type', 'Fields', actionHead()], list.map((one) => integrationRow(id, one))));
}

function alerts(id, list) {
  const add = h('a', { class: 'button', href: `#/projects/${id}/alerts/new` }, 'New alert configuration');
  const problem = h('div', { class: 'problem' });
  return card('Alert configurations', add, problem, list.length === 0
    ? empty('No alert configurations yet', h('p', null, 'A project that a client creates has those of a new Atlas project. Add one here for any project.'))
    : table('Alert configurations', ['Event', 'State', 'Notifications', 'Updated', actionHead()], list.map((one) => alertRow(id, one, problem))));
}

function deleteProject(id, name) {
  return confirm({
    title: `Delete ${name}?`, action: 'Delete project',
    text: ['The server deletes the project with its integrations and alert configurations.', 'Its ID then stays deleted until you reset the server.'],
    run: () => sendOrThrow(`delete ${name}`, 'DELETE', 'v2', `/groups/${id}`),
  }).then((done) => done && leaveFor('#/projects', 'Project deleted.'));
}

function renameProject(id, name) {
  const control = fieldFor(projectFields[0], name);
  const run = async () => {
    const response = await send('PATCH', 'v2', `/groups/${id}`, bodyOf([control]));
    if (response.status < 200 || response.status >= 300) throw fieldError(control, textOf(response));
  };
  return confirm({ title: `Rename ${name}`, action: 'Rename', danger: false, control, run })
    .then((done) => done && toast('Project renamed.'));
}

function about(id, record) {
  const tags = (record?.tags ?? []).map((tag) => `${tag.key}: ${tag.value}`).join(', ');
  return card('Project', null, body(facts([
    ['ID', h('div', { class: 'copy-line' }, h('code', null, id), copyButton(() => id, 'Copy project ID'))],
    ['Organization', record?.org && h('code', null, record.org)],
    ['Created', record?.created && isoSeconds(record.created)],
    ['Tags', tags],
  ])));
}

export async function show(place) {
  const { root, signal, params: [id] } = place;
  const read = () => get(`state?masked=true&project=${id}`, signal);
  const display = ({ projects }) => {
    const contents = projects[id] ?? {};
    const name = nameOf(id, contents);
    document.title = `${name} · atlasint`;
    if (contents.deleted) {
      replace(root, pageHead(name), empty('The project was deleted', h('p', null, h('a', { href: '#/projects' }, 'Go to the projects'))));
      return;
    }
    const list = contents.integrations ?? [];
    const configurations = contents.alerts ?? [];
    const remove = h('button', { type: 'button', class: 'danger', on: { click: () => deleteProject(id, name) } }, 'Delete project');
    const rename = h('button', { type: 'button', on: { click: () => renameProject(id, name) } }, 'Rename');
    replace(root, h('nav', { class: 'crumbs', 'aria-label': 'Path' }, h('a', { href: '#/projects' }, 'Projects')),
      pageHead(name, `${plural(list.length, 'integration')}, ${plural(configurations.length, 'alert configuration')}`, rename, remove),
      integrations(id, list), alerts(id, configurations), about(id, contents.project));
  };
  await load(root, read, display);
  watch(place, ['state'], () => load(root, read, display));
}
