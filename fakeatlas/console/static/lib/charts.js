// Small charts of the last minute, by the clocks of the machines. Screen readers get their summary as text.

import { h, replace, svg } from './dom.js';
import { duration, milliseconds, plural } from './format.js';

const seconds = 60;
const width = 240;
const height = 64;
const classes = [['2', '2xx'], ['3', '3xx'], ['4', '4xx'], ['5', '5xx'], ['0', 'closed']];

// Minute has the requests of the last 60 seconds. The server counts them; events add those after its last response.
export class Minute {
  #buckets = new Map();

  #at(second) {
    const bucket = this.#buckets.get(second) ?? { count: 0, challenges: 0, statuses: {}, times: [] };
    this.#buckets.set(second, bucket);
    return bucket;
  }

  // addTime adds how long the response to a request took that arrived ago milliseconds before now.
  addTime(entry, ago) {
    const { times } = this.#at(Math.floor((Date.now() - ago) / 1000));
    if (times.length < 500) times.push(milliseconds(entry.duration));
  }

  // add counts a request that has just arrived.
  add(entry) {
    const bucket = this.#at(Math.floor(Date.now() / 1000));
    bucket.count++;
    this.addTime(entry, 0);
    if (entry.challenge) {
      bucket.challenges++; // each digest client gets them: among the statuses, they would hide the errors
      return;
    }
    const key = entry.status === 0 ? '0' : String(entry.status)[0];
    bucket.statuses[key] = (bucket.statuses[key] ?? 0) + 1;
  }

  // addLost counts requests that the stream of events left out.
  addLost(count) { this.#at(Math.floor(Date.now() / 1000)).count += count; }

  // set replaces the numbers by those of the server.
  set({ challenges, statuses }) {
    const now = Math.floor(Date.now() / 1000);
    challenges.forEach((n, i) => {
      const bucket = this.#at(now - seconds + 1 + i);
      bucket.challenges = n;
      bucket.statuses = Object.fromEntries(statuses.map((list, key) => [key, list[i]]));
      bucket.count = statuses.reduce((sum, list) => sum + list[i], n);
    });
  }

  // list returns the 60 buckets, the oldest first, and removes older ones.
  list() {
    const now = Math.floor(Date.now() / 1000);
    for (const second of this.#buckets.keys()) if (second <= now - seconds) this.#buckets.delete(second);
    return Array.from({ length: seconds }, (_, i) => this.#at(now - seconds + 1 + i));
  }
}

// percentile returns the value below which a part of the sorted values is; undefined without values.
const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

function drawing(label, ...children) {
  return svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
    children, svg('line', { class: 'axis', x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5 }));
}

function chart(title, value, picture, legend) {
  return h('div', { class: 'chart' }, h('h3', null, title, h('b', null, value)), picture, h('ul', { class: 'legend' }, legend));
}

function rateChart(buckets) {
  const counts = buckets.map((b) => b.count);
  const top = Math.max(1, ...counts);
  const step = width / seconds;
  const bars = counts.map((count, i) => count > 0 && svg('rect', {
    class: 'bar', x: i * step, y: height - 1 - (count / top) * (height - 4), width: step - 1, height: (count / top) * (height - 4),
  }));
  const sum = counts.reduce((a, b) => a + b, 0);
  const peak = Math.max(...counts);
  return chart('Requests per second', sum === 0 ? '0' : (sum / seconds).toFixed(1),
    drawing(`Requests per second over the last minute: ${sum} in all, at most ${peak} in a second`, bars),
    h('li', null, `${sum.toLocaleString('en')} in the last minute, at most ${peak.toLocaleString('en')} in a second`));
}

function statusChart(buckets) {
  const sums = classes.map(([key, name]) => ({ key, name, n: buckets.reduce((sum, b) => sum + (b.statuses[key] ?? 0), 0) }));
  const all = sums.reduce((sum, s) => sum + s.n, 0);
  let x = 0;
  const parts = sums.filter((s) => s.n > 0).map((s) => {
    const part = svg('rect', { class: `s${s.key}`, x, y: 20, width: (s.n / all) * width, height: 24 });
    x += (s.n / all) * width;
    return part;
  });
  const used = sums.filter((s) => s.n > 0);
  const challenges = buckets.reduce((sum, b) => sum + b.challenges, 0);
  const note = challenges > 0 && `without ${plural(challenges, 'challenge')}`;
  const text = [used.map((s) => `${s.n} ${s.name}`).join(', ') || 'no requests', note].filter(Boolean).join(', ');
  return chart('Statuses', all.toLocaleString('en'),
    drawing(`Statuses of the last minute: ${text}`, parts),
    [used.map((s) => h('li', null, h('i', { class: `s${s.key}` }), `${s.name} ${s.n.toLocaleString('en')}`)),
      note ? h('li', null, note) : used.length === 0 && h('li', null, 'No requests in the last minute')]);
}

// lineOf returns the path of a line through the values; it has gaps where there are none.
function lineOf(values, top) {
  let path = '';
  values.forEach((value, i) => {
    if (value === undefined) return;
    const x = ((i + 0.5) * width) / seconds;
    const y = height - 2 - (value / top) * (height - 6);
    const joined = i > 0 && values[i - 1] !== undefined;
    path += joined ? `L${x} ${y}` : `M${x - 1} ${y}L${x + 1} ${y}`;
  });
  return path;
}

function latencyChart(buckets) {
  const sorted = buckets.map((b) => b.times.toSorted((a, b2) => a - b2));
  const all = sorted.flat().sort((a, b) => a - b);
  const [half, high] = [0.5, 0.95].map((part) => sorted.map((times) => percentile(times, part)));
  const top = Math.max(...high.filter((v) => v !== undefined), 1e-3);
  const shown = (part) => (all.length === 0 ? '–' : duration(percentile(all, part)));
  return chart('Latency, median', shown(0.5),
    drawing(`Latency of the last minute: median ${shown(0.5)}, 95 % below ${shown(0.95)}`,
      svg('path', { class: 'line high', d: lineOf(high, top) }), svg('path', { class: 'line', d: lineOf(half, top) })),
    [h('li', null, h('i', { class: 'solid' }), `median ${shown(0.5)}`), h('li', null, h('i', { class: 'dash' }), `95 % below ${shown(0.95)}`), h('li', null, `of ${plural(all.length, 'response')}`)]);
}

// drawCharts draws the three charts into an element.
export function drawCharts(place, minute) {
  const buckets = minute.list();
  replace(place, rateChart(buckets), statusChart(buckets), latencyChart(buckets));
}
