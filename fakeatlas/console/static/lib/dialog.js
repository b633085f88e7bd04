// Dialogs. The browser keeps the focus in an open one; it returns to the element that had it, if that still exists.

import { h, replace, uid } from './dom.js';
import { act } from './parts.js';

// confirm asks before an action and runs it. It resolves to true once that has succeeded, to false if the user cancels.
export function confirm({ title, text, action, run, danger = true }) {
  const id = uid('dialog');
  const problem = h('div');
  const cancel = h('button', { type: 'button' }, 'Cancel');
  const accept = h('button', { type: 'button', class: danger ? 'primary danger' : 'primary' }, action);
  const dialog = h('dialog', { 'aria-labelledby': id },
    h('div', { class: 'stack' },
      h('h2', { id }, title), [text].flat().map((part) => h('p', null, part)), problem,
      h('div', { class: 'actions end' }, cancel, accept)));
  const focused = document.activeElement;
  return new Promise((resolve) => {
    let done = false;
    cancel.addEventListener('click', () => dialog.close());
    accept.addEventListener('click', () => act(accept, problem, async () => {
      await run();
      done = true;
      dialog.close();
    }));
    dialog.addEventListener('close', () => {
      dialog.remove();
      replace(problem);
      const heading = document.querySelector('main h1');
      (focused?.isConnected ? focused : heading)?.focus();
      resolve(done);
    });
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}
