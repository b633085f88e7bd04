// Texts for times, durations and numbers.

const units = { h: 3600e3, m: 60e3, s: 1e3, ms: 1, 'µs': 1e-3, us: 1e-3, ns: 1e-6 };

// milliseconds returns a duration of Go, such as 1m2.5s, in milliseconds.
export function milliseconds(text) {
  let sum = 0;
  for (const [, number, unit] of String(text).matchAll(/([\d.]+)(ns|µs|us|ms|s|m|h)/g)) sum += Number(number) * units[unit];
  return sum;
}

// duration returns a short text for milliseconds.
export function duration(ms) {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 1000) return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
  if (ms < 60e3) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60e3);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

// clockTime returns the time of day of a date in UTC, such as 13:05:09.
export const clockTime = (text) => isoSeconds(text).slice(11, 19);

// isoSeconds returns a date in UTC without fractions, such as 2026-01-02T03:04:05Z; other texts unchanged.
export function isoSeconds(value) {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? String(value) : `${date.toISOString().slice(0, -5)}Z`;
}

// plural returns a number and its noun.
export const plural = (n, one, several = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : several}`;

// statusClass returns the class of style for a status of HTTP; 0 is a closed connection.
export function statusClass(status) {
  if (status >= 200 && status < 400) return 'ok';
  return status >= 400 && status < 500 ? 'warn' : 'error';
}

// sentence returns a message of the API with a capital letter and a full stop.
export function sentence(text) {
  const trimmed = String(text ?? '').trim();
  if (!trimmed) return '';
  return trimmed[0].toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? '' : '.');
}
