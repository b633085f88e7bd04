// Responses of the Atlas API to requests of the console.

import { h } from './dom.js';
import { sentence } from './format.js';

// fieldsOfCodes are the fields that error codes without parameters are about.
const fieldsOfCodes = { GROUP_ALREADY_EXISTS: 'name', INVALID_GROUP_NAME: 'name', INVALID_ORG_ID: 'orgId' };

// findingsOf returns what a response rejects about the fields of a form, in the form of findings. Codes such as
// MISSING_ATTRIBUTE name the field as a parameter.
export function findingsOf(response, form) {
  const { badRequestDetail, parameters, detail, errorCode } = response.body ?? {};
  const rejected = badRequestDetail?.fields;
  if (Array.isArray(rejected)) return rejected.map((f) => ({ severity: 'error', pointer: `/${f.field}`, message: f.description }));
  const named = form.find((f) => f.name === fieldsOfCodes[errorCode] || Array.isArray(parameters) && parameters[0] === f.name);
  return named ? [{ severity: 'error', pointer: `/${named.name}`, message: detail }] : [];
}

// statusOf returns the status and the error code of a response.
export const statusOf = ({ status, body }) => (body?.errorCode ? `${status} ${body.errorCode}` : String(status));

// textOf returns the text of a response that is not a success.
export const textOf = ({ status, body }) => (status === 0 ? 'A fault closed the connection without a response.' : sentence(body?.detail ?? body?.reason ?? ''));

// responseNotice returns a response that is not a success: its status, its error code, and its text unless the fields of
// the form show it.
export function responseNotice(title, response, { extra, isAtFields = false } = {}) {
  const text = !isAtFields && textOf(response);
  return h('div', { class: 'notice error', role: 'alert' },
    h('strong', null, response.status === 0 ? title : `${title}: ${statusOf(response)}`), text && h('p', null, text), extra);
}
