// The journal: the requests that the server has received, as they come.

import { get, remove, types } from '../lib/api.js';
import { confirm } from '../lib/dialog.js';
import { announce, h, hide, keepFocus, replace, toast } from '../lib/dom.js';
import { faultText, isTruncated, matcherOf, noFilters, queryOf, shortPath, statusClassOf } from '../lib/entries.js';
import { checkbox, field, selectOf, textInput } from '../lib/forms.js';
import { clockTime, duration, milliseconds, plural } from '../lib/format.js';
import { body, card, empty, errorNotice, load, pageHead } from '../lib/parts.js';
import { snippet } from '../lib/copy.js';
import { createCommand } from '../lib/snippets.js';
import { showEntry } from './entry.js';

export const title = 'Journal';

const maxEntries = 1000; // in the list; the journal of the server may keep more
const step = 200;

let filters = { ...noFilters }; // they stay while the user visits other pages

const statuses = [['', 'All'], ['2xx', '2xx'], ['3xx', '3xx'], ['4xx', '4xx'], ['5xx', '5xx'], ['0', 'Closed (0)'],
  ...['400', '401', '403', '404', '409', '429', '503'].map((s) => [s, s])];

const filterLabels = { method: 'Method', status: 'Status', path: 'Path', project: 'Project', type: 'Type', challenge: 'Hide challenges' };

function filterForm(typeNames, changed) {
  const methods = [['', 'All'], 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const controls = {
    method: selectOf(methods), status: selectOf(statuses), path: textInput({ type: 'search', placeholder: '*/DATADOG' }),
    project: textInput({ type: 'search', placeholder: 'Project ID', maxlength: '24' }), type: selectOf([['', 'All'], ...typeNames]), challenge: checkbox(filters.challenge === 'false'),
  };
  const fields = Object.entries(controls).map(([name, control]) => {
    let timer;
    const check = control.type === 'checkbox';
    const built = field({ label: filterLabels[name], control, check });
    if (!check) control.value = filters[name];
    control.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const value = check ? (control.checked ? 'false' : '') : control.value.trim();
        const isPartial = name === 'project' && !/^([a-f0-9]{24})?$/.test(value);
        built.show(isPartial ? [{ severity: 'error', message: 'not a project ID', hint: 'it has 24 hexadecimal digits in lower case' }] : []);
        if (isPartial) return; // the list stays until the ID is complete
        filters = { ...filters, [name]: value };
        changed();
      }, 250);
    });
    return built;
  });
  const node = h('form', { class: 'filters', role: 'search', 'aria-label': 'Filter requests' }, fields.map((f) => f.node));
  node.addEventListener('submit', (event) => event.preventDefault());
  return { node, clear() { for (const f of fields) { if (f.control.type === 'checkbox') f.control.checked = false; else f.control.value = ''; f.show([]); } } };
}

function notesOf(entry) {
  return [entry.fault && `fault ${faultText(entry)}`, entry.stub && `stub ${entry.stub}`, entry.fallback && 'fallback', entry.challenge ? 'challenge' : entry.errorCode].filter(Boolean).join(' · ');
}

// breakable lets a path break after its slashes only.
const breakable = (path) => path.split(/(?<=\/)/).map((part, i) => [i > 0 && h('wbr'), part]);

function row(entry, selected) {
  const notes = notesOf(entry);
  return h('tr', { 'data-key': entry.seq, 'aria-current': String(entry.seq) === selected && 'true' },
    h('td', { class: 'number muted wide' }, entry.seq),
    h('td', { class: 'nowrap muted wide' }, clockTime(entry.time)),
    h('td', { class: 'nowrap' }, entry.method),
    h('td', null, h('span', { class: `status ${statusClassOf(entry)}` }, entry.status === 0 ? 'closed' : entry.status), isTruncated(entry) && h('div', { class: 'note nowrap' }, 'truncated')),
    h('td', { class: 'path' }, h('a', { href: `#/journal/${entry.seq}`, title: entry.path }, breakable(shortPath(entry.path))), notes && h('div', { class: 'note' }, notes)),
    h('td', { class: 'number muted wide' }, duration(milliseconds(entry.duration))));
}

// openRow opens the request of a row that was clicked, unless the click selected a text.
function openRow(event) {
  if (event.target.closest('a') || !getSelection().isCollapsed) return;
  event.target.closest('tr').querySelector('a').click();
}

// List is the entries that the page shows, the newest first.
class List {
  entries = [];
  count = 0; // of the matching requests in the journal
  capacity = 0; // of the journal
  limit = step;

  constructor(place) {
    this.place = place;
    this.tbody = h('tbody', { on: { click: openRow } });
    const heads = [h('th', { scope: 'col', class: 'number wide' }, 'Seq'), h('th', { scope: 'col', class: 'wide' }, 'Time (UTC)'), ...['Method', 'Status', 'Path'].map((name) => h('th', { scope: 'col' }, name)), h('th', { scope: 'col', class: 'number wide' }, 'Duration')];
    this.box = h('div', { class: 'scroll' }, h('table', { class: 'journal', 'aria-label': 'Requests' },
      h('thead', null, h('tr', null, heads)), this.tbody));
  }

  selected() { return this.place.params[0]; }

  set({ requests, count, capacity }) {
    this.entries = requests.toReversed();
    this.count = count;
    this.capacity = capacity;
    replace(this.tbody, this.entries.map((entry) => row(entry, this.selected())));
  }

  // add puts newer entries on top and drops the oldest beyond the limit and the capacity. It returns how many are new.
  add(entries) {
    const newest = this.entries[0]?.seq ?? 0;
    const fresh = entries.filter((entry) => entry.seq > newest);
    const most = Math.min(this.limit, this.capacity);
    this.entries = [...fresh.toReversed(), ...this.entries].slice(0, most);
    this.count = Math.min(this.capacity, this.count + fresh.length);
    keepFocus(this.box, () => {
      this.tbody.prepend(...fresh.toReversed().map((entry) => row(entry, this.selected())));
      while (this.tbody.rows.length > most) this.tbody.lastElementChild.remove();
    });
    return fresh.length;
  }

  rowOf(seq) { return [...this.tbody.rows].find((tr) => tr.dataset.key === seq); }

  mark() {
    for (const tr of this.tbody.rows) {
      if (tr.dataset.key === this.selected()) tr.setAttribute('aria-current', 'true');
      else tr.removeAttribute('aria-current');
    }
  }
}

// Page connects the list, the filters, the stream and the chosen request.
class Page {
  waiting = []; // requests that came while the page was paused
  missed = 0; // requests beyond those
  isPaused = false;
  reads = 0; // the running reads of the list: requests that arrive meanwhile wait for their end
  scroll = 0; // where the list was before a request was opened

  constructor(place, typeNames) {
    this.place = place;
    this.list = new List(place);
    this.filter = filterForm(typeNames, () => this.reload());
    this.pause = h('button', { type: 'button', 'aria-pressed': 'false', on: { click: () => this.togglePause() } }, 'Pause');
    this.about = h('span', { class: 'muted small' });
    this.rows = h('div');
    this.more = body(h('div', { class: 'actions' }, h('button', { type: 'button', on: { click: () => this.showOlder() } }, 'Show older requests')));
    this.detail = h('aside', { 'aria-label': 'Request' });
    const clear = h('button', { type: 'button', class: 'danger', on: { click: () => this.clear() } }, 'Clear');
    this.split = h('div', { class: 'split' }, h('div', { class: 'list' }, card('Requests', [this.about, this.pause, clear], this.rows, this.more)), this.detail);
    place.root.classList.add('full');
    replace(place.root, pageHead('Journal', 'The newest requests to the API, with secrets masked.'), this.filter.node, this.split);
  }

  async reload() {
    this.matches = matcherOf(filters);
    const read = () => {
      this.reads++;
      return get(`requests?${queryOf(filters, this.list.limit)}`, this.place.signal).finally(() => { this.reads--; });
    };
    await load(this.rows, read, (response) => {
      this.waiting = this.waiting.filter((entry) => entry.seq > response.last && this.matches(entry));
      this.missed = 0;
      this.list.set(response);
      if (!this.isPaused) this.flush();
      this.draw();
    });
  }

  async showOlder() {
    const shown = this.list.entries.length;
    this.list.limit = Math.min(maxEntries, this.list.limit + step);
    await this.reload();
    this.list.tbody.rows[shown]?.querySelector('a').focus({ preventScroll: true });
  }

  isFiltered() { return Object.values(filters).some((value) => value !== ''); }

  draw() {
    const { entries, count, limit } = this.list;
    const waiting = this.waiting.length + this.missed;
    const shown = entries.length < count ? `${entries.length} of ${count}` : plural(count, 'request');
    this.about.textContent = waiting > 0 ? `${shown}, ${waiting} new` : shown;
    if (entries.length > 0) {
      if (!this.list.box.isConnected) replace(this.rows, this.list.box);
    } else {
      this.showEmpty();
    }
    hide(this.more, entries.length >= count || limit >= maxEntries);
  }

  showEmpty() {
    if (this.list.capacity === 0) {
      replace(this.rows, empty('The server keeps no requests', h('p', null, 'It was started without a journal.')));
      return;
    }
    if (this.isFiltered()) {
      const all = () => { filters = { ...noFilters }; this.filter.clear(); this.reload(); };
      replace(this.rows, empty('No request matches the filters', h('div', { class: 'actions' }, h('button', { type: 'button', on: { click: all } }, 'Remove the filters'))));
      return;
    }
    const command = h('div');
    replace(this.rows, empty('No requests yet', h('p', null, 'Send one. It appears here at once.'), command));
    get('overview', this.place.signal).then((overview) => replace(command, snippet(createCommand(overview), 'curl command')), () => { /* without an example */ });
  }

  receive(entry) {
    if (this.matches && !this.matches(entry)) return;
    if (this.waiting.length < maxEntries) this.waiting.push(entry);
    else this.missed++;
    this.flushSoon();
  }

  // flushSoon draws all requests of a moment at once.
  flushSoon() {
    this.frame ??= setTimeout(() => {
      this.frame = undefined;
      if (!this.isPaused && this.reads === 0) this.flush();
      this.draw();
    }, 100);
  }

  flush() {
    const added = this.list.add(this.waiting);
    this.waiting = [];
    if (added > 0) this.announceSoon(added);
  }

  // announceSoon has screen readers read the number of new requests, at most every five seconds.
  announceSoon(n) {
    this.unread = (this.unread ?? 0) + n;
    this.reader ??= setTimeout(() => {
      announce(plural(this.unread, 'new request'));
      this.reader = undefined;
      this.unread = 0;
    }, 5000);
  }

  togglePause() {
    this.isPaused = !this.isPaused;
    this.pause.setAttribute('aria-pressed', String(this.isPaused));
    this.pause.textContent = this.isPaused ? 'Resume' : 'Pause';
    if (this.isPaused) return;
    if (this.missed > 0) this.reload();
    else this.flush();
    this.draw();
  }

  clear() {
    return confirm({
      title: 'Clear the journal?', text: 'The server forgets all requests. What it stores stays.', action: 'Clear', run: () => remove('requests'),
    }).then((done) => {
      if (!done) return;
      toast('Journal cleared.');
      this.reload();
    });
  }

  onEvent(event) {
    if (event.kind === 'request') this.receive(event.entry);
    // Lost requests are in the journal, unless it has newer ones.
    if (event.kind === 'lost' || event.kind === 'change' && event.what === 'journal') this.reloadSoon();
  }

  reloadSoon() {
    this.reloading ??= setTimeout(() => {
      this.reloading = undefined;
      if (this.isPaused) this.missed++;
      else this.reload();
    }, 1000);
  }

  // select shows the request of the address next to the list.
  async select(focus) {
    const [seq] = this.place.params;
    if (!this.opened) this.scroll = scrollY;
    this.list.mark();
    this.split.toggleAttribute('data-open', Boolean(seq));
    document.title = seq ? `Request ${seq} · atlasint` : 'Journal · atlasint';
    if (!seq) {
      replace(this.detail);
      if (focus) this.returnTo(this.opened);
      this.opened = undefined;
      return;
    }
    this.opened = seq;
    const number = Number(seq);
    const known = this.list.entries.find((entry) => entry.seq === number);
    try {
      const entry = known ?? (await get(`requests?since=${number - 1}`, this.place.signal)).requests.find((one) => one.seq === number);
      if (entry) await showEntry(this.detail, entry);
      else replace(this.detail, card(`Request ${seq}`, h('a', { class: 'button', href: '#/journal' }, 'Close'), empty('The journal does not have this request', h('p', null, 'It keeps only the newest requests.'))));
    } catch (error) {
      if (error.name !== 'AbortError') replace(this.detail, errorNotice(error));
    }
    if (!focus) return;
    this.detail.querySelector('h2')?.focus({ preventScroll: true });
    if (this.split.firstElementChild.getClientRects().length === 0) scrollTo(0, 0); // a narrow page shows the request alone
    else this.list.rowOf(seq)?.scrollIntoView({ block: 'nearest' });
    this.detail.scrollTop = 0;
  }

  // returnTo shows the list where it was, with the focus on the request that was open.
  returnTo(seq) {
    scrollTo(0, this.scroll);
    const row = this.list.rowOf(seq);
    row?.scrollIntoView({ block: 'nearest' });
    (row?.querySelector('a') ?? this.place.root.querySelector('h1')).focus({ preventScroll: true });
  }

  end() {
    for (const timer of [this.frame, this.reader, this.reloading]) clearTimeout(timer);
  }
}

let page;

export async function show(place) {
  const { types: list } = await types();
  page = new Page(place, [...new Set(list.map((t) => t.name))].sort());
  const own = page;
  place.signal.addEventListener('abort', () => own.end());
  place.onEvent((event) => own.onEvent(event));
  await own.reload();
  await own.select(false);
}

// update shows another request without drawing the list again.
export function update(place, params) {
  place.params = params;
  page.select(true);
  return true;
}
