// The clock of the server, by which tokens, nonces and token buckets expire.

import { get, put } from '../lib/api.js';
import { h, hide, replace, toast } from '../lib/dom.js';
import { field, fieldError, textInput } from '../lib/forms.js';
import { duration, isoSeconds } from '../lib/format.js';
import { act, body, card, load, pageHead } from '../lib/parts.js';
import { watch } from '../lib/refresh.js';

export const title = 'Clock';

const steps = [['1m', '1 minute'], ['5m', '5 minutes'], ['1h', '1 hour'], ['24h', '1 day']];

// oneField returns a form with one text and a button. Its field has the error of run.
function oneField({ label, placeholder, hint, action, missing, run }) {
  const built = field({ label, control: textInput({ placeholder, 'aria-required': 'true' }), hint });
  const problem = h('div');
  const button = h('button', null, action);
  const form = h('form', { class: 'form', novalidate: true }, built.node, problem, h('div', { class: 'actions' }, button));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    act(button, problem, async () => {
      const text = built.control.value.trim();
      if (text === '') throw fieldError(built, missing);
      try {
        await run(text);
      } catch (error) {
        // The label is next to the message: it needs no name of the API.
        throw error.status === 400 ? fieldError(built, error.message.replace(/^(?:advance|now) is /, 'this is '), error.hint) : error;
      }
    });
  });
  return { form, clear() { built.show([]); replace(problem); } };
}

export async function show(place) {
  const { root, signal, every } = place;
  const face = h('p', { class: 'clock-face' });
  const state = h('p', { class: 'muted' });
  const problem = h('div');
  let shown; // {now, running, at}: the server's time, and when it was read
  const tick = () => {
    if (!shown) return;
    const passed = shown.running ? performance.now() - shown.at : 0;
    face.textContent = isoSeconds(shown.now + passed);
  };
  const display = ({ now, running }) => {
    shown = { now: new Date(now).getTime(), running, at: performance.now() };
    const difference = Math.round((shown.now - Date.now()) / 1000);
    const moved = Math.abs(difference) < 5 ? 'in step with this machine' : `${duration(Math.abs(difference) * 1000)} ${difference > 0 ? 'ahead of' : 'behind'} this machine`;
    state.textContent = running ? `Running, ${moved}.` : 'Stopped: it moves only when you advance it.';
    hide(resume, running);
    hide(stop, !running);
    tick();
  };
  const change = async (sent, text) => {
    display(await put('clock', sent));
    for (const form of [advance, set]) form.clear();
    replace(problem);
    toast(text);
  };
  const button = (name, sent, text) => {
    const node = h('button', { type: 'button' }, name);
    node.addEventListener('click', () => act(node, problem, () => change(sent, text)));
    return node;
  };
  const run = button('Reset to the time of the machine', { run: true }, 'The clock runs with the machine.');
  const advance = oneField({
    label: 'Duration', placeholder: '61m', hint: 'Such as 90s, 61m or 2h30m. 61m expires all access tokens.', action: 'Advance', missing: 'enter a duration',
    run: (text) => change({ advance: text }, `The clock was advanced by ${text}.`),
  });
  const set = oneField({
    label: 'Time', placeholder: '2026-01-02T03:04:05Z', hint: 'A time in the form of RFC 3339. The clock stops at it, until you continue or reset it.', action: 'Set and stop', missing: 'enter a time',
    run: (text) => change({ now: text }, 'The clock was set, and is stopped.'),
  });
  const stop = h('button', { type: 'button' }, 'Stop now');
  stop.addEventListener('click', () => act(stop, problem, async () => {
    await change({ now: (await get('clock')).now }, 'The clock is stopped.');
    resume.focus();
  }));
  const resume = h('button', { type: 'button' }, 'Continue from this time');
  resume.addEventListener('click', () => act(resume, problem, async () => {
    const { now: stopped } = await get('clock');
    const { now: machine } = await put('clock', { run: true }); // a clock that runs can only be advanced
    await change({ advance: `${new Date(stopped) - new Date(machine)}ms` }, 'The clock runs from the time that it showed.');
    stop.focus();
  }));
  const box = h('div', { class: 'stack' }, face, state, problem, h('div', { class: 'actions' }, stop, resume, run));
  const head = pageHead('Clock', 'The time by which tokens, nonces and token buckets expire.');
  const current = h('div', null, box);
  replace(root, head, card('Server time (UTC)', null, body(current)),
    h('div', { class: 'columns wide' },
      card('Advance', null, body(h('div', { class: 'actions' }, steps.map(([value, name]) => button(name, { advance: value }, `The clock was advanced by ${name}.`))), advance.form)),
      card('Set', null, body(set.form))));
  const refresh = () => load(current, () => get('clock', signal), (clock) => { if (!box.isConnected) replace(current, box); display(clock); });
  await refresh();
  every(1000, tick);
  watch(place, ['clock'], refresh);
}
