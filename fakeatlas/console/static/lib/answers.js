// Answers of the Atlas API to requests of the console.

import { h } from './dom.js';
import { sentence } from './format.js';

// findingsOf returns the fields that an answer rejects, in the form of findings.
export function findingsOf(answer) {
  const fields = answer.body?.badRequestDetail?.fields;
  if (!Array.isArray(fields)) return [];
  return fields.map((f) => ({ severity: 'error', pointer: `/${f.field}`, message: f.description }));
}

// answerNotice returns an answer that is not a success: its status, its error code and its text.
export function answerNotice(title, answer, extra) {
  const { status, body } = answer;
  const code = body?.errorCode ? `${status} ${body.errorCode}` : String(status);
  const text = status === 0 ? 'A fault closed the connection without an answer.' : sentence(body?.detail ?? body?.reason ?? '');
  return h('div', { class: 'notice error', role: 'alert' },
    h('strong', null, status === 0 ? title : `${title}: ${code}`), text && h('p', null, text), extra);
}
