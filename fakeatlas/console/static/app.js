// The frame of the console: pages by the fragment of the address, menu, theme, and the state of the event stream.

import * as events from './lib/events.js';
import { request, session, toLogin } from './lib/api.js';
import { changeToast, h, replace, toast } from './lib/dom.js';
import { clockTime } from './lib/format.js';
import { errorNotice, pageHead } from './lib/parts.js';
import * as alert from './pages/alert.js';
import * as clock from './pages/clock.js';
import * as data from './pages/data.js';
import * as faults from './pages/faults.js';
import * as integration from './pages/integration.js';
import * as journal from './pages/journal.js';
import * as overview from './pages/overview.js';
import * as project from './pages/project.js';
import * as projects from './pages/projects.js';
import * as stubs from './pages/stubs.js';

// The pages by the pattern of their fragment. Menu is the entry of the menu that they belong to.
const routes = [
  [/^\/?$/, overview, 'overview'],
  [/^\/projects$/, projects, 'projects'],
  [/^\/projects\/([a-f0-9]{24})$/, project, 'projects'],
  [/^\/projects\/([a-f0-9]{24})\/integrations\/(new|[A-Z_]+)$/, integration, 'projects'],
  [/^\/projects\/([a-f0-9]{24})\/alerts\/(new|[a-f0-9]{24})$/, alert, 'projects'],
  [/^\/journal(?:\/(\d+))?$/, journal, 'journal'],
  [/^\/faults$/, faults, 'faults'],
  [/^\/stubs$/, stubs, 'stubs'],
  [/^\/clock$/, clock, 'clock'],
  [/^\/data$/, data, 'data'],
];

const main = document.getElementById('main');
const menu = document.getElementById('menu');
const menuButton = document.getElementById('menu-button');
let current; // {page, place, hasFailed}

// place is what a page gets: its element, the parts of its address, and functions that end with it.
function placeOf(root, params) {
  const controller = new AbortController();
  const ends = [];
  return {
    root,
    params,
    signal: controller.signal,
    onEvent: (listener) => ends.push(events.subscribe(listener)),
    every: (ms, run) => { const timer = setInterval(run, ms); ends.push(() => clearInterval(timer)); },
    leave() { controller.abort(); for (const end of ends) end(); },
  };
}

function markMenu(name) {
  for (const link of menu.querySelectorAll('a[data-page]')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function closeMenu() {
  menu.removeAttribute('data-open');
  menuButton.setAttribute('aria-expanded', 'false');
}

function find(path) {
  for (const [pattern, page, name] of routes) {
    const match = pattern.exec(path);
    if (match) return { page, name, params: match.slice(1) };
  }
  return undefined;
}

function showMissing(root) {
  document.title = 'Not found · atlasint';
  replace(root, pageHead('Not found', 'The console has no page with this address.'),
    h('p', null, h('a', { href: '#/' }, 'Go to the overview')));
}

async function show() {
  const path = location.hash.slice(1) || '/';
  const found = find(path);
  closeMenu();
  markMenu(found?.name);
  if (current) changeToast();
  // A page may handle a change of its own parameters, as the journal does.
  if (found && current?.page === found.page && found.page.update?.(current.place, found.params)) return;
  const isFirst = current === undefined;
  current?.place.leave();
  const root = h('div', { class: 'page' });
  const place = placeOf(root, found?.params ?? []);
  current = { page: found?.page, place };
  replace(main, root);
  scrollTo(0, 0);
  if (!found) {
    showMissing(root);
  } else {
    document.title = `${found.page.title} · atlasint`;
    try {
      await found.page.show(place);
    } catch (error) {
      if (error.name === 'AbortError') return;
      current.hasFailed = true;
      replace(root, pageHead(found.page.title), errorNotice(error));
    }
  }
  if (!isFirst && !place.signal.aborted) root.querySelector('h1')?.focus({ preventScroll: true });
}

function showState(state) {
  const live = document.getElementById('live');
  live.dataset.state = state;
  live.textContent = { open: 'Live', connecting: 'Connecting', closed: 'Not connected' }[state];
}

const offline = document.getElementById('offline');
let hasConnected = false;
let lostAt; // when the stream of events ended
let probeTimer;

// probe shows whether the server responds, until the stream is open again.
async function probe() {
  clearTimeout(probeTimer);
  try {
    await session();
    offline.hidden = true;
  } catch {
    const text = `The server does not respond.${lostAt ? ` The page shows data of ${clockTime(lostAt)} UTC.` : ''}`;
    if (offline.hidden || offline.textContent !== text) offline.textContent = text;
    offline.hidden = false;
  }
  if (lostAt !== undefined) probeTimer = setTimeout(probe, 2000);
}

function onState(state) {
  showState(state);
  if (state !== 'open') {
    lostAt ??= hasConnected ? Date.now() : 0;
    probe();
    return;
  }
  hasConnected = true;
  lostAt = undefined;
  clearTimeout(probeTimer);
  offline.hidden = true;
  if (current?.hasFailed) show();
}

function startTheme() {
  const select = document.getElementById('theme');
  select.value = globalThis.atlasintTheme.get();
  select.addEventListener('change', () => globalThis.atlasintTheme.set(select.value));
}

function startMenu() {
  menuButton.addEventListener('click', () => {
    const isOpen = menu.toggleAttribute('data-open');
    menuButton.setAttribute('aria-expanded', String(isOpen));
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.hasAttribute('data-open')) return;
    closeMenu();
    menuButton.focus();
  });
  document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault(); // the fragment is the address of the page
    main.focus();
  });
}

async function startSession() {
  const { login, signedIn } = await session();
  if (login && !signedIn) await toLogin();
  const button = document.getElementById('sign-out');
  button.hidden = !login;
  button.addEventListener('click', async () => {
    try {
      await request('POST', 'ui/logout');
      await toLogin();
    } catch (error) {
      toast(`Can't sign out: ${error.message}.`);
    }
  });
}

async function start() {
  startTheme();
  startMenu();
  try {
    await startSession();
  } catch { /* the pages show that the server does not respond */ }
  events.subscribe((event) => { if (event.kind === 'state') onState(event.state); });
  events.start();
  addEventListener('hashchange', show);
  await show();
}

start();
