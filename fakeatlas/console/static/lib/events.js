// The stream of new requests and changes. All pages share it, since browsers limit the connections to a server.

import { session, toLogin } from './api.js';

const listeners = new Set();
let source;
let last = 0; // sequence number of the newest request
let hasOpened = false;
let retryTimer;

// subscribe calls listener with {kind, ...} for each event until the returned function is called:
// {kind: 'request', entry}, {kind: 'change', what}, {kind: 'lost', lost} and {kind: 'state', state}. The state is
// connecting, open or closed.
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function emit(event) {
  for (const listener of [...listeners]) listener(event);
}

function setState(state) {
  emit({ kind: 'state', state });
}

// emitChanges has all pages read again.
function emitChanges() {
  for (const what of ['journal', 'state', 'faults', 'stubs', 'clock']) emit({ kind: 'change', what });
}

// onOpen also runs after a lost connection. There may have been changes meanwhile.
function onOpen() {
  setState('open');
  if (hasOpened) emitChanges();
  hasOpened = true;
}

function onRequest(event) {
  const entry = JSON.parse(event.data);
  if (entry.seq <= last) emitChanges(); // a restarted server counts from 1 again
  last = entry.seq;
  emit({ kind: 'request', entry });
}

// open connects the stream. Earlier requests than those that it has already passed on are not repeated.
export function open() {
  close();
  source = new EventSource(`/_atlasint/events${last ? `?since=${last}` : ''}`);
  source.addEventListener('open', onOpen);
  source.addEventListener('request', onRequest);
  source.addEventListener('change', (event) => emit({ kind: 'change', what: JSON.parse(event.data).what }));
  source.addEventListener('lost', (event) => emit({ kind: 'lost', lost: JSON.parse(event.data).lost }));
  source.addEventListener('error', onError);
}

// onError waits for the browser to connect again, or does it itself if the server has rejected the stream.
function onError() {
  if (source.readyState !== EventSource.CLOSED) {
    setState('connecting');
    return;
  }
  setState('closed');
  clearTimeout(retryTimer);
  retryTimer = setTimeout(reopen, 5000);
}

async function reopen() {
  try {
    const { login, signedIn } = await session();
    if (login && !signedIn) await toLogin(true);
  } catch { /* the server does not respond: try again */ }
  if (document.visibilityState === 'visible') open();
}

function close() {
  clearTimeout(retryTimer);
  source?.close();
  source = undefined;
}

// start opens the stream while the page is visible: a hidden one needs none.
export function start() {
  open();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      if (!source) open();
    } else {
      close();
    }
  });
  addEventListener('pagehide', close);
}
