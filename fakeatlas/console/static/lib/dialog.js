// Dialogs. The browser keeps the focus in an open one; it returns to the element that had it, or to its successor.

import { h, rememberFocus, replace, uid } from './dom.js';
import { act } from './parts.js';

// confirm asks before an action and runs it. It resolves to true once that has succeeded, to false if the user cancels.
// Control is a field of the dialog.
export function confirm({ title, text = [], action, run, danger = true, control }) {
  const id = uid('dialog');
  const problem = h('div');
  const cancel = h('button', { type: 'button' }, 'Cancel');
  const accept = h('button', { class: danger ? 'primary danger' : 'primary' }, action);
  const form = h('form', { class: 'stack', novalidate: true },
    h('h2', { id }, title), [text].flat().map((part) => h('p', null, part)), control?.node, problem,
    h('div', { class: 'actions end' }, cancel, accept));
  const dialog = h('dialog', { 'aria-labelledby': id }, form);
  const focused = rememberFocus();
  return new Promise((resolve) => {
    let done = false;
    cancel.addEventListener('click', () => dialog.close());
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      act(accept, problem, async () => {
        await run();
        done = true;
        dialog.close();
      });
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      replace(problem);
      focused()?.focus();
      resolve(done);
    });
    document.body.append(dialog);
    dialog.showModal();
    (control?.control ?? cancel).focus();
  });
}
