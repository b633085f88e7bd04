// Answers of the Atlas API to requests of the console.

import { h } from './dom.js';
import { sentence } from './format.js';

// findingsOf returns what an answer rejects about the fields of a form, in the form of findings. Codes such as
// MISSING_ATTRIBUTE name the field as a parameter.
export function findingsOf(answer, form) {
  const { badRequestDetail, parameters, detail } = answer.body ?? {};
  const rejected = badRequestDetail?.fields;
  if (Array.isArray(rejected)) return rejected.map((f) => ({ severity: 'error', pointer: `/${f.field}`, message: f.description }));
  const named = form.find((f) => Array.isArray(parameters) && parameters[0] === f.name);
  return named ? [{ severity: 'error', pointer: `/${named.name}`, message: detail }] : [];
}

// answerNotice returns an answer that is not a success: its status, its error code and its text.
export function answerNotice(title, answer, extra) {
  const { status, body } = answer;
  const code = body?.errorCode ? `${status} ${body.errorCode}` : String(status);
  const text = status === 0 ? 'A fault closed the connection without an answer.' : sentence(body?.detail ?? body?.reason ?? '');
  return h('div', { class: 'notice error', role: 'alert' },
    h('strong', null, status === 0 ? title : `${title}: ${code}`), text && h('p', null, text), extra);
}
