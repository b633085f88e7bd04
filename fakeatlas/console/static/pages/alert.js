// The form of an alert configuration, from its fields. Objects and lists are entered as JSON.

import { get, send, types } from '../lib/api.js';
import { h, leaveFor, replace } from '../lib/dom.js';
import { bodyOf, fieldFor, focusFirstError, isEditable, showFindings, showResponse, suggest } from '../lib/forms.js';
import { act, body, card, load, notice, pageHead } from '../lib/parts.js';
import { nameOf } from './projects.js';

export const title = 'Alert configuration';

// Texts for fields that the document of the API does not describe.
const texts = {
  enabled: ['enabled', ''],
  eventTypeName: ['event type', 'The event that triggers the alert, such as NO_PRIMARY'],
  matchers: ['matchers', 'A JSON list. Without matchers, the alert applies to all objects'],
  metricThreshold: ['metric threshold', 'A JSON object, for OUTSIDE_METRIC_THRESHOLD'],
  threshold: ['threshold', 'A JSON object, for other events with a threshold'],
  notifications: ['notifications', 'A JSON list with at least one notification'],
};

const order = ['enabled', 'eventTypeName', 'notifications', 'metricThreshold', 'threshold', 'matchers'];

const group = { typeName: 'GROUP', roles: ['GROUP_OWNER'], emailEnabled: true, smsEnabled: false, intervalMin: 60, delayMin: 0 };

// templatesFor returns examples: one for the owners, one with a threshold, and one for each integration of the project
// that a notification can use.
function templatesFor(integrations) {
  const list = [
    ['No primary, to the owners', { enabled: true, eventTypeName: 'NO_PRIMARY', notifications: [group] }],
    ['CPU above 95 %', {
      enabled: true, eventTypeName: 'OUTSIDE_METRIC_THRESHOLD', notifications: [group],
      metricThreshold: { metricName: 'NORMALIZED_SYSTEM_CPU_USER', mode: 'AVERAGE', operator: 'GREATER_THAN', threshold: 95, units: 'RAW' },
    }],
  ];
  const usable = ['PAGER_DUTY', 'SLACK', 'DATADOG', 'OPS_GENIE', 'VICTOR_OPS', 'WEBHOOK', 'MICROSOFT_TEAMS'];
  for (const { type, id } of integrations.filter((one) => usable.includes(one.type))) {
    list.push([`No primary, to ${type}`, { enabled: true, eventTypeName: 'NO_PRIMARY', notifications: [{ typeName: type, integrationId: id, delayMin: 0 }] }]);
  }
  return list;
}

function alertForm({ project, fields: described, stored, alerts, integrations }) {
  const events = [...new Set([...templatesFor([]).map(([, values]) => values), ...alerts.map((one) => one.fields)].map((values) => values.eventTypeName))];
  const rank = (f) => (order.includes(f.name) ? order.indexOf(f.name) : order.length);
  const build = (values) => {
    const list = described.filter(isEditable).sort((a, b) => rank(a) - rank(b))
      .map((f) => fieldFor({ ...f, title: texts[f.name]?.[0], description: texts[f.name]?.[1], required: ['eventTypeName', 'notifications'].includes(f.name) }, values[f.name]));
    suggest(list.find((f) => f.name === 'eventTypeName').control, events.filter(Boolean));
    return list;
  };
  let built = build(stored?.fields ?? { enabled: true });
  const inputs = h('div', { class: 'stack' }, built.map((f) => f.node));
  const problem = h('div');
  const submit = h('button', { class: 'primary' }, stored ? 'Save' : 'Create alert configuration');
  const templates = templatesFor(integrations).map(([name, values]) => h('button', {
    type: 'button', class: 'slim', on: { click: () => { built = build(values); replace(inputs, built.map((f) => f.node)); } },
  }, name));
  const form = h('form', { class: 'form', novalidate: true },
    !stored && h('div', { class: 'templates', role: 'group', 'aria-label': 'Templates' }, h('span', { class: 'muted small' }, 'Templates:'), templates),
    inputs, problem, h('div', { class: 'actions' }, submit, h('a', { class: 'button', href: `#/projects/${project}` }, 'Cancel')));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act(submit, problem, async () => {
      showFindings(built, []);
      const path = `/groups/${project}/alertConfigs${stored ? `/${stored.id}` : ''}`;
      const response = await send(stored ? 'PUT' : 'POST', 'v2', path, bodyOf(built));
      if (response.status >= 200 && response.status < 300) {
        leaveFor(`#/projects/${project}`, stored ? 'Alert configuration saved.' : 'Alert configuration created.');
        return;
      }
      showResponse(problem, response, built);
    }).then(() => focusFirstError(built));
  });
  return form;
}

export async function show({ root, signal, params: [project, which] }) {
  const isNew = which === 'new';
  const heading = isNew ? 'New alert configuration' : 'Edit alert configuration';
  document.title = `${heading} · atlasint`;
  await load(root, () => Promise.all([types(), get(`state?masked=true&project=${project}`, signal)]), ([{ alertConfiguration }, { projects }]) => {
    const contents = projects[project] ?? {};
    const stored = (contents.alerts ?? []).find((one) => one.id === which);
    const crumbs = h('nav', { class: 'crumbs', 'aria-label': 'Path' },
      h('a', { href: '#/projects' }, 'Projects'), ' / ', h('a', { href: `#/projects/${project}` }, nameOf(project, contents)));
    const content = !isNew && !stored
      ? notice('warn', 'The project has no alert configuration with this ID', h('p', null, 'A client may have deleted it.'))
      : alertForm({ project, fields: alertConfiguration, stored, alerts: contents.alerts ?? [], integrations: contents.integrations ?? [] });
    replace(root, crumbs, pageHead(heading), card('Alert configuration', null, body(content)));
  });
}
