// Forms for described fields.

import { findingsOf, responseNotice } from './responses.js';
import { h, replace, uid } from './dom.js';
import { sentence } from './format.js';

// field returns a labelled control with a hint and a place for findings. Control is an element without an ID.
export function field({ label, name, control, hint, check = false }) {
  const id = uid('field');
  const hintID = `${id}-hint`;
  const findingsID = `${id}-findings`;
  control.id = id;
  if (name) control.name = name;
  control.setAttribute('aria-describedby', hint ? `${hintID} ${findingsID}` : findingsID);
  const text = h('div', { class: 'label' }, h('label', { for: id }, label), name && name !== label && h('code', null, name));
  const findings = h('ul', { class: 'findings', id: findingsID, 'aria-live': 'polite' });
  const wrapped = control.type === 'password' ? secretControl(control, label) : control;
  const node = h('div', { class: check ? 'field check' : 'field' },
    check ? [control, text] : [text, wrapped], hint && h('div', { class: 'hint', id: hintID }, hint), findings);
  return {
    node,
    control,
    // show replaces the findings: {severity, message, hint}.
    show(list) {
      control.setAttribute('aria-invalid', list.some((f) => f.severity === 'error') ? 'true' : 'false');
      replace(findings, list.map(findingItem));
    },
    // clear removes the findings, also a warning that was shown and accepted.
    clear() {
      this.accepted = undefined;
      this.show([]);
    },
    // reject shows an error or a warning, and puts the focus on the field.
    reject({ message, hint, severity = 'error' }) {
      this.show([{ severity, message, hint }]);
      const details = control.closest('details');
      if (details) details.open = true;
      control.focus();
    },
  };
}

// fieldError returns an error that act shows at a field.
export const fieldError = (field, message, hint) => Object.assign(new Error(message), { field, hint });

// namedIn returns a message of the server with the labels of fields in place of their names in the API, unless the names
// are words.
const namedIn = (message, labels) => message.replace(/\b(?:[a-z]+[A-Z][A-Za-z]*|drop|truncate)\b/g, (name) => (Object.hasOwn(labels, name) ? `\u201c${labels[name]}\u201d` : name));

// atField returns an error of the control API as the error of the field that it names, if it names one. Fields has the
// fields, and labels their labels, by their names in the API.
export function atField(error, fields, labels) {
  const [, name, reason] = /^(?:invalid fault: |invalid stub at \/)?([A-Za-z]+)[^: ]*:? (.+)$/.exec(error.message) ?? [];
  if (error.status !== 400 || !Object.hasOwn(fields, name)) return error;
  const text = namedIn(reason, labels);
  return fieldError(fields[name], text.startsWith('and ') ? `\u201c${labels[name]}\u201d ${text}` : text, error.hint);
}

// suggest gives a text field a list of values to choose from.
export function suggest(control, values) {
  const id = uid('list');
  control.setAttribute('list', id);
  control.after(h('datalist', { id }, values.map((value) => h('option', { value }))));
}

// withoutPlace removes the type and the field from the beginning of a message: the finding is next to its field.
const withoutPlace = (message) => message.replace(/^[A-Z_]+(\.[\w.[\]]+:? |: )/, '');

// findingItem returns a finding as an element of a list.
export const findingItem = (finding) => h('li', { class: finding.severity },
  `${finding.severity === 'warning' ? 'Warning' : 'Error'}: `, finding.field && [h('code', null, finding.field), ' '], `${sentence(withoutPlace(finding.message))} `,
  finding.hint && h('span', { class: 'hint' }, sentence(finding.hint)));

function secretControl(control, label) {
  control.autocomplete = 'off';
  const button = h('button', { type: 'button', 'aria-pressed': 'false', 'aria-label': `Show ${label}` }, 'Show');
  button.addEventListener('click', () => {
    const isShown = control.type === 'text';
    control.type = isShown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!isShown));
    button.textContent = isShown ? 'Show' : 'Hide';
  });
  return h('div', { class: 'secret' }, control, button);
}

export const textInput = (attributes) => h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false', ...attributes });
export const checkbox = (checked, attributes) => {
  const node = h('input', { type: 'checkbox', ...attributes });
  node.checked = Boolean(checked);
  return node;
};
export const codeArea = (attributes) => h('textarea', { class: 'code', spellcheck: 'false', rows: '6', ...attributes });

// selectOf returns a select with options: texts, or pairs of a value and a text.
export const selectOf = (options, attributes) => h('select', attributes,
  options.map((option) => { const [value, text] = [option].flat(); return h('option', { value }, text ?? value); }));

// serverFields are the fields that the server sets itself, of integrations and of alert configurations.
const serverFields = ['id', 'groupId', 'created', 'updated', 'links'];

// isEditable reports whether a user sets a field.
export const isEditable = (f) => !f.readOnly && !f.const && f.name !== 'type' && !serverFields.includes(f.name);

function hintOf(f, stored) {
  const parts = [];
  if (f.description) parts.push(sentence(f.description));
  if (f.minLength || f.maxLength) parts.push(lengthHint(f));
  if (f.default) parts.push(`Default: ${f.default}.`);
  if (f.secret && stored !== undefined) parts.push('Leave it empty to keep the stored value.');
  return parts.join(' ');
}

function lengthHint({ minLength, maxLength }) {
  if (minLength && maxLength) return minLength === maxLength ? `${minLength} characters.` : `${minLength} to ${maxLength} characters.`;
  return minLength ? `At least ${minLength} characters.` : `At most ${maxLength} characters.`;
}

// makers return the control of a field, and a function that returns its value, undefined for none.
const makers = {
  boolean(f, stored) {
    const initial = stored ?? f.default === 'true';
    const control = checkbox(initial);
    const isOmitted = () => stored === undefined && !f.required && control.checked === initial;
    return { control, check: true, value: () => (isOmitted() ? undefined : control.checked) };
  },
  number(f, stored) {
    const control = h('input', { type: 'number', step: f.kind === 'integer' ? '1' : 'any', value: stored ?? '' });
    return { control, value: () => (control.value === '' ? undefined : Number(control.value)) };
  },
  enum(f, stored) {
    const notes = new Map((f.enumNotes ?? []).map((note) => [note.value, note.text]));
    const values = f.enum.includes(stored) || !stored ? f.enum : [stored, ...f.enum];
    const options = values.map((value) => [value, notes.has(value) ? `${value} (${notes.get(value)})` : value]);
    if (!f.required || f.default) options.unshift(['', f.default ? `Default (${f.default})` : 'Not set']);
    else options.unshift(['', 'Select…']);
    const control = selectOf(options, { value: stored ?? '' });
    return { control, value: () => control.value || undefined };
  },
  secret(f, stored) {
    const control = textInput({ type: 'password', placeholder: stored ?? '' });
    return { control, value: () => control.value || undefined };
  },
  template(f, stored) {
    const control = codeArea({ rows: '4', placeholder: stored ?? '' });
    return { control, value: () => control.value || undefined };
  },
  json(f, stored) {
    const text = stored === undefined ? '' : JSON.stringify(stored, null, 2);
    const control = codeArea({ rows: Math.max(3, Math.min(20, text.split('\n').length)), value: text });
    return { control, value: () => (control.value.trim() === '' ? undefined : JSON.parse(control.value)) };
  },
  text(f, stored) {
    const control = textInput({ type: f.format === 'uri' && !f.secret ? 'url' : 'text', value: stored ?? '' });
    return { control, value: () => control.value || undefined };
  },
};

function makerOf(f) {
  if (f.kind === 'boolean') return makers.boolean;
  if (f.kind === 'number' || f.kind === 'integer') return makers.number;
  if (f.kind !== 'string') return makers.json;
  if (f.enum) return makers.enum;
  if (f.templateBytes) return makers.template;
  return f.secret ? makers.secret : makers.text;
}

// fieldFor returns the field of a form for a field of a type. Stored is its present value.
export function fieldFor(f, stored) {
  const part = makerOf(f)(f, stored ?? undefined);
  if (f.required && !(f.secret && stored !== undefined)) part.control.setAttribute('aria-required', 'true');
  const title = f.title || f.name.replace(/([a-z0-9])([A-Z])/g, (_, before, letter) => `${before} ${letter.toLowerCase()}`);
  const label = title[0].toUpperCase() + title.slice(1);
  const optional = !f.required && !part.check ? ' (optional)' : '';
  const built = field({ label: label + optional, name: f.name, control: part.control, hint: hintOf(f, stored), check: part.check });
  return {
    ...built,
    name: f.name,
    // value returns the value, and throws an error if it is not valid JSON.
    value() {
      try {
        return part.value();
      } catch {
        throw Object.assign(new Error(`${f.name} is not valid JSON`), { hint: 'check quotes, commas and brackets' });
      }
    },
  };
}

// bodyOf returns the values of fields as an object. A value that is not valid JSON is an error, which its field shows.
export function bodyOf(fields, start = {}) {
  const object = { ...start };
  for (const f of fields) {
    try {
      const value = f.value();
      if (value !== undefined) object[f.name] = value;
    } catch (error) {
      f.show([{ severity: 'error', message: error.message, hint: error.hint }]);
      throw error;
    }
  }
  return object;
}

// showFindings puts each finding next to its field, and returns those without a field.
export function showFindings(fields, findings) {
  const byName = new Map(fields.map((f) => [f.name, []]));
  const rest = [];
  for (const finding of findings) {
    const name = (finding.pointer ?? '').split('/')[1]?.replaceAll('~1', '/').replaceAll('~0', '~');
    (byName.get(name) ?? rest).push(finding);
  }
  for (const f of fields) f.show(byName.get(f.name));
  return rest;
}

// showResponse shows the response to a request that was rejected: its findings at their fields, and all else in an
// element.
export function showResponse(place, response, fields, title = 'The server rejected the request') {
  const findings = findingsOf(response, fields);
  const rest = showFindings(fields, findings);
  replace(place, responseNotice(title, response, {
    isAtFields: rest.length < findings.length, extra: rest.length > 0 && h('ul', { class: 'findings' }, rest.map(findingItem)),
  }));
}

// focusFirstError puts the focus on the first field with an error.
export function focusFirstError(fields) {
  fields.find((f) => f.control.getAttribute('aria-invalid') === 'true')?.control.focus();
}
