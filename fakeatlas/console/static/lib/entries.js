// Requests of the journal: which of them match filters, and their queries.

import { statusClass } from './format.js';

// noFilters match every request.
export const noFilters = { method: '', status: '', path: '', project: '', type: '', challenge: '' };

// queryOf returns the query of the control API for filters. A path without "*" matches anywhere.
export function queryOf(filters, limit) {
  const query = new URLSearchParams({ limit });
  for (const [name, value] of Object.entries({ ...filters, path: pathPattern(filters.path) })) {
    if (value !== '') query.append(name, value);
  }
  return query.toString();
}

// isTruncated reports whether a fault has closed the connection in the middle of the response.
export const isTruncated = (entry) => /(^|, )truncate$/.test(entry.faultEffect ?? '');

// statusClassOf returns the class of style for the status of a request: a truncated response is no success.
export const statusClassOf = (entry) => (isTruncated(entry) ? 'error' : statusClass(entry.status));

// faultText returns the ID of the fault of a request and what it did.
export const faultText = (entry) => [entry.fault, entry.faultEffect].filter(Boolean).join(': ');

const pathPattern = (path) => (path === '' || path.includes('*') ? path : `*${path}*`);

// matcherOf returns a function that reports whether a request matches filters, as the control API does.
export function matcherOf(filters) {
  const pattern = pathPattern(filters.path);
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const path = new RegExp(`^${parts.join('[^]*')}$`);
  return (entry) => (filters.method === '' || entry.method === filters.method.toUpperCase())
    && (filters.status === '' || statusMatches(filters.status, entry.status))
    && (filters.project === '' || entry.project === filters.project)
    && (filters.type === '' || entry.type === filters.type)
    && (filters.challenge === '' || !entry.challenge)
    && (pattern === '' || entry.path.includes('(hidden)') || path.test(entry.path));
}

function statusMatches(wanted, status) {
  return wanted.endsWith('xx') ? Math.floor(status / 100) === Number(wanted[0]) : status === Number(wanted);
}

// shortPath returns a path without the beginning that all requests share, and with its IDs shortened.
export const shortPath = (path) => path.replace(/^\/api\/atlas\//, '').replace(/\b([a-f0-9]{4})[a-f0-9]{16}([a-f0-9]{4})\b/g, '$1\u2060…\u2060$2');
