// The overview: what the server stores and receives, and how clients connect to it.

import { get } from '../lib/api.js';
import { drawCharts, Minute } from '../lib/charts.js';
import { copyButton, snippet } from '../lib/copy.js';
import { h, keepFocus, replace, uid } from '../lib/dom.js';
import { duration } from '../lib/format.js';
import { body, card, facts, load, pageHead } from '../lib/parts.js';
import { createCommand, snippetsFor } from '../lib/snippets.js';

export const title = 'Overview';

// numbers returns the counters. Each links to the page with the details.
function numbers(overview) {
  const { counters } = overview;
  const list = [
    ['Requests', counters.requests, '#/journal'], ['Projects', overview.projects, '#/projects'],
    ['Integrations', overview.integrations, '#/projects'], ['Alert configurations', overview.alerts, '#/projects'],
    ['Active faults', counters.faults, '#/faults'], ['Stubs', counters.stubs, '#/stubs'],
  ];
  return list.map(([name, value, href]) => h('div', null,
    h('dt', null, h('a', { href }, name)), h('dd', null, Number(value ?? 0).toLocaleString('en'))));
}

const copyLine = (value, label) => h('div', { class: 'copy-line' }, h('code', null, value), copyButton(() => value, `Copy ${label}`));

function credentialFacts(credentials) {
  if (credentials.required === false) return [['Credentials', 'The server accepts every request (--no-auth).']];
  const named = [
    ['Public key', credentials.publicKey], ['Private key', credentials.privateKey],
    ['Client ID', credentials.clientId], ['Client secret', credentials.clientSecret],
  ].filter(([, value]) => value).map(([name, value]) => [name, copyLine(value, name.toLowerCase())]);
  if (!credentials.variables?.length) return named;
  const names = credentials.variables.map((name) => [h('code', null, name), h('br')]);
  return [...named, [named.length ? 'Others' : 'Credentials', [names, h('span', { class: 'muted small' }, 'Your own: the server does not show them.')]]];
}

// healthOf returns whether the server accepts writes and keeps them.
async function healthOf(signal) {
  try {
    await get('health', signal);
    return { text: 'ok', kind: 'ok' };
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    return { text: [error.message, error.hint].filter(Boolean).join(': '), kind: 'error' };
  }
}

function serverCard(overview, health) {
  return card('Server', null, body(facts([
    ['Base URL', copyLine(overview.baseURL, 'base URL')],
    ['Health', health],
    ...credentialFacts(overview.credentials),
    ['Version', overview.version],
    ['Store', overview.store],
    ['Running for', duration(Date.now() - new Date(overview.startedAt))],
  ])));
}

// tabs returns a list of tabs with their panels. Arrow keys move between them.
function tabs(label, entries) {
  const ids = entries.map(() => uid('tab'));
  const panels = entries.map(([, panel], i) => h('div', { class: 'body', role: 'tabpanel', 'aria-labelledby': ids[i], id: `${ids[i]}-panel` }, panel));
  const buttons = entries.map(([name], i) => h('button', { type: 'button', role: 'tab', id: ids[i], 'aria-controls': `${ids[i]}-panel` }, name));
  const select = (at) => buttons.forEach((button, i) => {
    button.setAttribute('aria-selected', String(i === at));
    button.tabIndex = i === at ? 0 : -1;
    panels[i].hidden = i !== at;
  });
  buttons.forEach((button, i) => button.addEventListener('click', () => select(i)));
  const list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': label }, buttons);
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length;
    select(next);
    buttons[next].focus();
  });
  select(0);
  return [list, panels];
}

function connectCard(overview) {
  return card('Connect a client', null,
    tabs('Clients', snippetsFor(overview).map(([name, text]) => [name, snippet(text, name)])));
}

// firstRequest returns the hint for servers without requests.
const firstRequest = (overview) => h('div', { class: 'notice ok' },
  h('strong', null, 'No requests yet'), h('p', null, 'Send one, and see it in the journal:'), snippet(createCommand(overview), 'curl command'));

// fillTimes adds the durations of the last minute that the journal has, unless the clock was moved or stopped: the times
// of the journal are those of that clock.
async function fillTimes(minute, signal) {
  const [clock, { requests }] = await Promise.all([get('clock', signal), get('requests?limit=500', signal)]);
  const now = new Date(clock.now).getTime();
  if (!clock.running || Math.abs(now - Date.now()) > 60e3) return;
  for (const entry of requests) {
    const ago = now - new Date(entry.time);
    if (ago >= 0 && ago < 60e3) minute.addTime(entry, ago);
  }
}

export async function show({ root, signal, onEvent, every }) {
  const minute = new Minute();
  const first = h('div', { hidden: true });
  const counts = h('dl', { class: 'numbers' });
  const charts = h('div', { class: 'columns charts' });
  const details = h('div', { class: 'stack' });
  const health = h('span', { class: 'status' });
  replace(root, pageHead('Overview', 'A fake of the MongoDB Atlas integrations API.'), first,
    h('section', { class: 'stack', 'aria-label': 'Numbers' }, counts, charts), details);

  let isStale = false;
  let next = 0; // the server reads all that it stores: a slow response makes the page wait longer
  const refresh = async () => {
    const start = performance.now();
    next = Infinity;
    const [overview, state] = await Promise.all([get('overview', signal), healthOf(signal)]).finally(() => { next = performance.now() + 10 * (performance.now() - start); });
    minute.set(overview.lastMinute);
    drawCharts(charts, minute);
    keepFocus(counts, () => replace(counts, numbers(overview)));
    health.className = `status ${state.kind}`;
    health.textContent = state.text;
    const isFirst = overview.counters.requests === 0;
    if (first.hidden === isFirst) keepFocus(first, () => replace(first, isFirst && firstRequest(overview)));
    first.hidden = !isFirst;
    return overview;
  };
  onEvent((event) => {
    if (event.kind === 'request') minute.add(event.entry);
    if (event.kind === 'lost') minute.addLost(event.lost);
    isStale ||= event.kind !== 'state';
  });
  every(1000, () => {
    drawCharts(charts, minute);
    if (!isStale || performance.now() < next) return;
    isStale = false;
    refresh().catch(() => { isStale = true; });
  });
  drawCharts(charts, minute);
  await load(details, refresh, (overview) => replace(details, connectCard(overview), serverCard(overview, health)));
  fillTimes(minute, signal).then(() => drawCharts(charts, minute), () => { /* the charts begin now */ });
}
