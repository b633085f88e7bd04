// @ts-check
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { start } from '@atlasint/cli';

/** @type {import('@atlasint/cli').Server} */
let atlas;
before(async () => {
  atlas = await start();
});
beforeEach(() => atlas.reset());
after(() => atlas?.stop());

const project = '5d791c84ff7a2522cc4f9aa1';

// The software under test: it gets the base URL and the credentials of Atlas.
async function createDatadog() {
  const { clientId, clientSecret } = atlas.credentials;
  const login = await fetch(`${atlas.url}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token } = /** @type {{access_token: string}} */ (await login.json());
  return fetch(`${atlas.url}/api/atlas/v2/groups/${project}/integrations/DATADOG`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/vnd.atlas.2023-01-01+json',
      'content-type': 'application/vnd.atlas.2023-01-01+json',
    },
    body: JSON.stringify({ type: 'DATADOG', apiKey: 'a3c9e17b5d204f68b0e2d4c6a8f13579', region: 'US' }),
  });
}

test('creates a Datadog integration', async () => {
  const response = await createDatadog();
  assert.equal(response.status, 200);
  const created = (await atlas.requests()).filter((request) => request.method === 'POST' && request.path.endsWith('/DATADOG'));
  assert.equal(created.length, 1);
  assert.equal(created[0].status, 200);
});

test('keeps an existing integration', async () => {
  await atlas.seed(project, { type: 'DATADOG', apiKey: 'b4d0f28c6e315a79c1f3e5d7b9a24680', region: 'EU' });
  assert.equal((await createDatadog()).status, 409);
});

test('fails while Atlas limits requests', async () => {
  await atlas.addFault({ method: 'POST', errorCode: 'RATE_LIMITED_TOKEN_BUCKET', retryAfter: '2s', times: 1 });
  const response = await createDatadog();
  assert.equal(response.status, 429);
  assert.equal(response.headers.get('retry-after'), '2');
});
