// The form of an integration, from the fields of its type.

import { get, post, send, types } from '../lib/api.js';
import { h, hide, leaveFor, replace } from '../lib/dom.js';
import { bodyOf, field, fieldFor, findingItem, focusFirstError, isEditable, selectOf, showFindings, showResponse } from '../lib/forms.js';
import { sentence } from '../lib/format.js';
import { act, body, card, errorNotice, load, notice, pageHead } from '../lib/parts.js';
import { nameOf } from './projects.js';

export const title = 'Integration';

const typeIn = (list, apiVersion, name) => list.find((t) => t.apiVersion === apiVersion && t.name === name);

// checker validates the form while the user types, and shows the findings of the fields that the user has changed.
function checker(form, { apiVersion, operation, start }) {
  const touched = new Set();
  let number = 0;
  let timer;
  const run = async (all) => {
    clearTimeout(timer);
    if (all) for (const f of form.fields) touched.add(f.name);
    const own = ++number;
    const { findings } = await post('validate', { apiVersion, operation, body: bodyOf(form.fields, start) });
    if (own !== number) return findings; // a later call shows its own
    const shown = touched.size === form.fields.length ? findings : findings.filter((f) => touched.has((f.pointer ?? '').split('/')[1]));
    replace(form.others, showFindings(form.fields, shown).map(findingItem));
    if (!findings.some((f) => f.severity === 'error')) form.accept();
    return findings;
  };
  for (const f of form.fields) {
    f.node.addEventListener('input', () => {
      touched.add(f.name);
      clearTimeout(timer);
      timer = setTimeout(() => run(false).catch(() => { /* the button shows errors */ }), 300);
    });
  }
  return run;
}

// integrationForm returns the form of one type in one API version.
function integrationForm({ project, type, stored }) {
  const { apiVersion, name } = type;
  const operation = stored ? 'update' : 'create';
  const problem = h('div');
  const others = h('ul', { class: 'findings' });
  const fields = type.fields.filter(isEditable).map((f) => fieldFor(f, stored?.fields[f.name]));
  const form = { fields, others, accept: () => showInvalid(false) };
  const start = { type: name };
  const check = checker(form, { apiVersion, operation, start });
  const submit = h('button', { class: 'primary' }, stored ? 'Save' : 'Create integration');
  const anyway = h('button', { type: 'button', hidden: true }, 'Send without validation');

  const showInvalid = (isInvalid) => {
    hide(anyway, !isInvalid);
    replace(problem, isInvalid && h('div', { role: 'alert' }, notice('error', 'The payload is not valid', h('p', null, 'Correct the fields above, or send the payload to see how the server rejects it.'))));
  };
  const deliver = async () => {
    const response = await send(stored ? 'PUT' : 'POST', apiVersion, `/groups/${project}/integrations/${name}`, bodyOf(fields, start));
    if (response.status >= 200 && response.status < 300) {
      leaveFor(`#/projects/${project}`, stored ? `${name} saved.` : `${name} created.`);
      return;
    }
    showResponse(problem, response, fields);
  };
  const node = h('form', { class: 'form', novalidate: true },
    type.description && h('p', { class: 'muted' }, sentence(type.description)),
    fields.map((f) => f.node), others, problem,
    h('div', { class: 'actions' }, submit, anyway, h('a', { class: 'button', href: `#/projects/${project}` }, 'Cancel')));
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    act(submit, problem, async () => {
      const errors = (await check(true)).filter((f) => f.severity === 'error');
      if (errors.length === 0) return deliver();
      showInvalid(true);
      return undefined;
    }).then(() => focusFirstError(fields));
  });
  anyway.addEventListener('click', () => act(anyway, problem, deliver).then(() => focusFirstError(fields)));
  return node;
}

// chooser returns the controls that select the type and the API version, and the form below them.
function chooser({ project, list, stored, taken }) {
  const place = h('div');
  const names = [...new Set(list.map((t) => t.name))];
  const options = names.filter((name) => !taken.includes(name)).map((name) => [name, `${(typeIn(list, 'v2', name) ?? typeIn(list, 'v1.0', name)).title} (${name})`]);
  const typeSelect = selectOf(stored ? [[stored.type, stored.type]] : options);
  const versionSelect = selectOf([['v2', 'v2']]);
  const versionsOf = (name) => ['v2', 'v1.0'].filter((version) => typeIn(list, version, name));
  const draw = () => {
    const type = typeIn(list, versionSelect.value, typeSelect.value);
    replace(place, type ? integrationForm({ project, type, stored }) : errorNotice(new Error('the type has no form')));
  };
  const pickType = () => {
    replace(versionSelect, versionsOf(typeSelect.value).map((version) => h('option', { value: version }, version)));
    draw();
  };
  typeSelect.addEventListener('change', pickType);
  versionSelect.addEventListener('change', draw);
  pickType();
  const version = field({ label: 'API version', control: versionSelect });
  const type = field({ label: 'Type', control: typeSelect });
  return h('div', { class: 'stack' }, h('div', { class: 'form' }, h('div', { class: 'row wide' }, !stored && type.node, version.node)), place);
}

export async function show({ root, signal, params: [project, which] }) {
  const isNew = which === 'new';
  const heading = isNew ? 'New integration' : `Edit ${which}`;
  document.title = `${heading} · atlasint`;
  await load(root, () => Promise.all([types(), get(`state?masked=true&project=${project}`, signal)]), ([{ types: list }, { projects }]) => {
    const contents = projects[project] ?? {};
    const all = contents.integrations ?? [];
    const stored = all.find((one) => one.type === which);
    const crumbs = h('nav', { class: 'crumbs', 'aria-label': 'Path' },
      h('a', { href: '#/projects' }, 'Projects'), ' / ', h('a', { href: `#/projects/${project}` }, nameOf(project, contents)));
    const content = !isNew && !stored
      ? notice('warn', 'The project has no integration of this type', h('p', null, 'A client may have deleted it.'))
      : chooser({ project, list, stored, taken: all.map((one) => one.type) });
    replace(root, crumbs, pageHead(heading), card(isNew ? 'Integration' : which, null, body(content)));
  });
}
