// The client of the control API.

const prefix = '/_atlasint/';

// ApiError is an error response of the control API. Without a response, its status is 0.
class ApiError extends Error {
  constructor(status, message, hint = '') {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

// toLogin shows the login page, which returns to this page. The promise never resolves, because this page ends. With
// hasEnded, the login page shows that the session has ended.
export function toLogin(hasEnded = false) {
  location.replace(`login.html${hasEnded ? '?ended' : ''}#${encodeURIComponent(location.hash.slice(1))}`);
  return new Promise(() => {});
}

async function errorOf(response) {
  try {
    const { error, hint } = await response.json();
    return new ApiError(response.status, String(error), hint);
  } catch {
    return new ApiError(response.status, `the server returned status ${response.status}`);
  }
}

// request returns the response of the control API. Path is relative to /_atlasint/. A string as body is sent unchanged,
// any other value as JSON.
export async function request(method, path, body, signal) {
  const headers = {};
  if (method !== 'GET') headers['X-Atlasint-Console'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    response = await fetch(prefix + path, {
      method, headers, signal, cache: 'no-store',
      body: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'the server does not respond', 'check that atlasint serve is running, then try again');
  }
  if (response.status === 401) return toLogin(true);
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function call(method, path, body, signal) {
  const response = await request(method, path, body, signal);
  return response.status === 204 ? null : response.json();
}

export const get = (path, signal) => call('GET', path, undefined, signal);
export const post = (path, body, signal) => call('POST', path, body, signal);
export const put = (path, body) => call('PUT', path, body);
export const remove = (path) => call('DELETE', path);

const mediaTypes = { v2: 'application/vnd.atlas.2023-01-01+json', 'v1.0': 'application/json' };

// send has the server process a request to the Atlas API, and returns the status and the body of the response.
export function send(method, apiVersion, path, body) {
  const type = mediaTypes[apiVersion];
  const headers = body === undefined ? { Accept: type } : { Accept: type, 'Content-Type': type };
  return post('send', { method, path: `/api/atlas/${apiVersion}${path}`, headers, body });
}

// session reports whether the server requires a login and whether the browser has signed in.
export async function session() {
  const response = await fetch('session', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
  return response.json();
}

let typesPromise;

// types returns the integration types and their fields. The server never changes them.
export function types() {
  typesPromise ??= get('types').catch((error) => {
    typesPromise = undefined;
    throw error;
  });
  return typesPromise;
}
