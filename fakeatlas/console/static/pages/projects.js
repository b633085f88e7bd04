// The projects of the server.

import { get, send } from '../lib/api.js';
import { h, hide, leaveFor, replace } from '../lib/dom.js';
import { bodyOf, fieldFor, focusFirstError, showFindings, showResponse } from '../lib/forms.js';
import { act, body, card, empty, load, numberHead, pageHead, table } from '../lib/parts.js';
import { snippet } from '../lib/copy.js';
import { createCommand } from '../lib/snippets.js';
import { watch } from '../lib/refresh.js';

export const title = 'Projects';

const maxRows = 200;
const organization = '5f0000000000000000000001';

// nameOf returns the name of a project. A project without a record is named after its ID.
export const nameOf = (id, contents) => contents?.project?.name ?? `Project ${id}`;

export const projectFields = [
  { name: 'name', title: 'name', kind: 'string', required: true, description: 'Unique in the organization. Letters, digits, spaces and -_.(),:&@+\'', maxLength: 64 },
  { name: 'orgId', title: 'organization ID', kind: 'string', required: true, description: 'Every ID of 24 hexadecimal digits exists' },
];

function createForm() {
  const built = [fieldFor(projectFields[0]), fieldFor(projectFields[1], organization)];
  const problem = h('div');
  const submit = h('button', { class: 'primary' }, 'Create project');
  const form = h('form', { class: 'form', novalidate: true }, built.map((f) => f.node), problem, h('div', { class: 'actions' }, submit));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act(submit, problem, async () => {
      showFindings(built, []);
      const response = await send('POST', 'v2', '/groups', bodyOf(built));
      if (response.status < 300) {
        leaveFor(`#/projects/${response.body.id}`, 'Project created.');
        return;
      }
      showResponse(problem, response, built, 'The project was not created');
    }).then(() => focusFirstError(built));
  });
  return form;
}

const row = ([id, contents]) => h('tr', { 'data-key': id },
  h('th', { scope: 'row' }, h('a', { href: `#/projects/${id}` }, nameOf(id, contents))),
  h('td', { class: 'mono' }, id),
  h('td', { class: 'number' }, (contents.integrations ?? []).length),
  h('td', { class: 'number' }, (contents.alerts ?? []).length));

function list(projects, filter, overview) {
  if (projects.length === 0 && filter === '') {
    return empty('No projects yet', h('p', null, 'Create one below, or store an integration: the server accepts every project ID.'),
      overview && snippet(createCommand(overview), 'curl command'));
  }
  if (projects.length === 0) return empty('No project matches');
  return [
    table('Projects', ['Name', 'ID', numberHead('Integrations'), numberHead('Alert configurations')], projects.slice(0, maxRows).map(row)),
    projects.length > maxRows && body(h('p', { class: 'muted' }, `${maxRows} of ${projects.length.toLocaleString('en')} projects. Filter by name or ID to see others.`)),
  ];
}

export async function show(place) {
  const { root, signal } = place;
  const rows = h('div');
  const filter = h('input', { type: 'search', 'aria-label': 'Filter by name or ID', placeholder: 'Filter by name or ID' });
  let all = [];
  let overview;
  const draw = () => {
    const text = filter.value.toLowerCase();
    const found = all.filter(([id, contents]) => id.includes(text) || nameOf(id, contents).toLowerCase().includes(text));
    hide(filter, all.length < 8);
    replace(rows, list(found, text, overview));
  };
  filter.addEventListener('input', draw);
  replace(root, pageHead('Projects', 'Projects that clients created, or that have integrations or alert configurations.'),
    card('All projects', filter, rows),
    card('New project', null, body(createForm())));
  const read = async () => {
    const [state, about] = await Promise.all([get('state?masked=true', signal), overview ?? get('overview', signal)]);
    overview = about;
    return state;
  };
  const display = (state) => {
    all = Object.entries(state.projects).filter(([, contents]) => !contents.deleted)
      .sort((a, b) => nameOf(...a).localeCompare(nameOf(...b), 'en'));
    draw();
  };
  await load(rows, read, display);
  watch(place, ['state'], () => load(rows, read, display));
}
