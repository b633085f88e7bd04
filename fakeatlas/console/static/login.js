// The login page. The token is sent once; the server returns a cookie that scripts can't read.

import { session } from './lib/api.js';
import { h, replace } from './lib/dom.js';
import { sentence } from './lib/format.js';

const form = document.getElementById('form');
const token = document.getElementById('token');
const button = document.getElementById('submit');
const problem = document.getElementById('error');

function showError(message, hint) {
  replace(problem, h('div', { class: 'notice error' }, h('strong', null, sentence(message)), hint && h('p', null, sentence(hint))));
  token.setAttribute('aria-invalid', 'true');
  token.focus();
  token.select();
}

const referencePage = /^reference\/([\w-]+\.html)?(#[\w.%-]*)?$/;

// target returns the page to show after signing in. Only pages of the console and of the reference are accepted.
function target() {
  let wanted = '';
  try { wanted = decodeURIComponent(location.hash.slice(1)); } catch { /* show the overview */ }
  if (referencePage.test(wanted)) return `./${wanted}`;
  return `./${wanted.startsWith('/') ? `#${wanted}` : ''}`;
}

async function signIn() {
  let response;
  try {
    response = await fetch('login', {
      method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Atlasint-Console': '1' },
      body: JSON.stringify({ token: token.value }),
    });
  } catch {
    showError('the server does not respond', 'check that atlasint serve is running, then try again');
    return;
  }
  if (response.ok) {
    token.value = '';
    location.replace(target());
    return;
  }
  const { error, hint } = await response.json().catch(() => ({ error: `the server returned status ${response.status}` }));
  showError(error, hint);
}

document.getElementById('ended').hidden = location.search !== '?ended';

// A server without a token needs no login.
session().then(({ login, signedIn }) => { if (!login || signedIn) location.replace(target()); }, () => { /* signing in shows the error */ });

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  await signIn();
  button.disabled = false;
});
