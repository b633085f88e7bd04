// Tests start() in a folder where @atlasint/cli is installed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { start } from '@atlasint/cli';
import { blockedPort, ended, firstLine } from './processes.mjs';

const project = '5d791c84ff7a2522cc4f9aa1';
const datadog = { type: 'DATADOG', apiKey: 'a3c9e17b5d204f68b0e2d4c6a8f13579', region: 'US' };
const script = (text) => spawn(process.execPath, ['--input-type=module', '-e', `import { start } from '@atlasint/cli'; ${text}`]);
const accept = 'application/vnd.atlas.2023-01-01+json';
const call = (atlas, method, path) => fetch(`${atlas.url}/api/atlas/v2/groups/${project}/integrations${path}`, { method, headers: { accept } });

test('wrong options', async () => {
  for (const [options, message] of [
    [null, /^start: the options must be an object/], [[], /^start: the options must/], ['x', /^start: the options must/],
    [{ port: '8080' }, /^start: unknown option "port": .*--addr/], [{ Args: [] }, /^start: unknown option "Args": .* args, env and timeout$/],
    [{ args: '--no-auth' }, /^start: args must be an array/], [{ args: ['--no-auth', 8080] }, /^start: args\[1\] must be a string/],
    ...['quiet', 'quiet=false', 'help', 'version', 'tls-cert', 'tls-key', 'no-control', 'exit-with-stdin', 'public-key', 'private-key=my-value',
      'client-id', 'client-secret=my-value', 'control-token=my-value'].map((flag) => (
      [{ args: ['--no-auth', `--${flag}`] }, new RegExp(`^start: args\\[1\\] is --${flag.split('=')[0]}: `)])),
    [{ args: ['-q'] }, /^start: args\[0\] is -q: /], [{ args: ['-xh'] }, /^start: args\[0\] is -h: /],
    [{ env: [] }, /^start: env must be an object/], [{ env: { NAME: 7 } }, /^start: env.NAME must be a string/], [{ env: { NAME: 'my-value\0' } }, /^start: env.NAME must/],
    ...[NaN, '10', 0, -1, Infinity, 2 ** 31, null].map((timeout) => [{ timeout }, /^start: timeout must be a number/]),
  ]) {
    await assert.rejects(start(options), (error) => error instanceof TypeError && message.test(error.message) && !error.message.includes('my-value'), String(message));
  }
});

test('a server that does not start', async () => {
  mkdirSync(`seeds/${project}`, { recursive: true });
  writeFileSync(`seeds/${project}/a.json`, JSON.stringify({ ...datadog, regoin: 'US' }));
  for (const [options, message] of [
    [{ args: ['--no-such-flag'] }, /exit code 2\n.*no-such-flag/], [{ args: ['serve'] }, /exit code 2\n/],
    [{ args: ['--seed-dir', 'no-such-folder'] }, /exit code 3\n.*no-such-folder: no such file/],
    [{ args: ['--seed-dir', 'seeds'] }, /exit code 1\n[^]*unknown field "regoin"/],
    [{ args: ['--addr', '0.0.0.0:0'] }, /the control API is off on this address\nhint: set ATLASINT_CONTROL_TOKEN/],
    [{ args: ['--addr', `127.0.0.1:${await blockedPort()}`] }, /GET \/_atlasint\/health: fetch of Node.js blocks this port\nhint: /],
    [{ timeout: 1 }, /no response after 1 ms/],
  ]) {
    await assert.rejects(start(options), (error) => error.message.startsWith('start atlasint serve: ') && message.test(error.message), String(message));
  }
});

test('credentials are those of env, and not of the environment', async () => {
  process.env.MONGODB_ATLAS_PUBLIC_API_KEY = 'a-real-key';
  process.env.ATLASINT_CONTROL_TOKEN = 'a-real-token';
  const atlas = await start();
  assert.equal(atlas.credentials.publicKey, 'atlasint');
  assert.deepEqual(await atlas.requests(), []);
  await atlas.stop();
  await atlas.stop();
  await ended(atlas.url);
  const env = { MONGODB_ATLAS_CLIENT_ID: 'mine', MONGODB_ATLAS_CLIENT_SECRET: 'my-own-secret', MONGODB_ATLAS_PRIVATE_API_KEY: '', ATLASINT_CONTROL_TOKEN: 'token' };
  const own = await start({ env, args: ['--addr', '0.0.0.0:0'] });
  const { clientId, clientSecret, privateKey } = own.credentials;
  assert.deepEqual([clientId, clientSecret, privateKey], ['mine', 'my-own-secret', 'fake0000-0000-4000-8000-0000private0']);
  const authorization = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  assert.equal((await fetch(`${own.url}/api/oauth/token`, { method: 'POST', headers: { authorization }, body })).status, 200);
  await own.reset();
  await own.stop();
  await assert.rejects(start({ env: { ATLASINT_CONTROL_TOKEN: 'my-value\n0' } }),
    (error) => /the control token has a character that clients can't send/.test(error.message) && !error.message.includes('my-value'));
  writeFileSync('credentials.yaml', 'apiKeys: [{publicKey: a, privateKey: b}]', { mode: 0o600 });
  const several = await start({ args: ['--credentials=credentials.yaml'] });
  assert.throws(() => several.credentials, /--credentials/);
  await several.stop();
});

test('faults, seeds and requests', async () => {
  const atlas = await start({ args: ['--no-auth'] });
  await atlas.addFault({ method: 'GET', path: '*/DATADOG', status: 503, times: 1 });
  const slow = await atlas.addFault({ type: 'SLACK', delay: '1ms' });
  assert.deepEqual((await atlas.faults()).map(({ id, times }) => [id, times]), [['1', 1], [slow.id, undefined]]);
  assert.equal((await call(atlas, 'GET', '/DATADOG')).status, 503);
  assert.equal((await call(atlas, 'GET', '/DATADOG')).status, 404);
  assert.deepEqual((await atlas.faults()).map(({ id }) => id), [slow.id]);
  await atlas.removeFaults(slow.id);
  await assert.rejects(atlas.removeFaults(slow.id), { status: 404, message: /^DELETE \/_atlasint\/faults\/2: status 404: no fault has this ID\nhint: / });
  await atlas.addFault({ drop: true });
  await atlas.removeFaults();
  assert.deepEqual(await atlas.faults(), []);
  await assert.rejects(atlas.addFault({ stauts: 503 }), /unknown member "stauts"\nhint: did you mean status/);

  await Promise.all([atlas.seed(project, datadog), atlas.seed(project, { type: 'FLOWDOCK', apiToken: 'a', flowName: 'b', orgName: 'c' })]);
  await assert.rejects(atlas.seed(project, { type: 'OPS_GENIE', apiKey: '6e1f3a52-8d47-4c1b-9b60-2f5d8c7a9e13' }, datadog), /^Error: seed: .*DATADOG: the project has an integration/);
  for (const [id, payload] of [['x', datadog], [project, null], [project, {}]]) await assert.rejects(atlas.seed(id, payload), TypeError);
  const { projects } = await atlas.control('GET', 'state');
  assert.deepEqual(projects[project].integrations.map(({ type }) => type), ['DATADOG', 'FLOWDOCK']);

  const waiting = atlas.requests({ wait: '4m', since: 2, type: ['DATADOG', 'SLACK'], status: '2xx' });
  assert.equal((await call(atlas, 'GET', '/DATADOG')).status, 200);
  assert.deepEqual((await waiting).map(({ seq, method, status }) => [seq, method, status]), [[3, 'GET', 200]]);
  assert.deepEqual((await atlas.requests({ status: [503, 404], limit: undefined })).map(({ seq, fault }) => [seq, fault]), [[1, '1'], [2, undefined]]);
  await assert.rejects(atlas.requests({ wait: '1ms', method: 'DELETE' }), { status: 408 });
  await assert.rejects(atlas.requests({ methods: 'GET' }), /unknown query parameter/);
  await atlas.control('PUT', '/clock', { now: '2027-01-02T03:04:05Z' });
  assert.equal((await atlas.control('GET', 'clock')).running, false);
  assert.match(await atlas.control('GET', 'metrics'), /^# HELP /);
  await atlas.reset();
  assert.deepEqual([(await atlas.control('GET', 'state')).projects, await atlas.requests()], [{}, []]);
  await atlas.stop();
  await assert.rejects(atlas.reset(), /^Error: POST \/_atlasint\/reset: (connect ECONNREFUSED|read ECONNRESET|other side closed)/);
});

test('the server ends with a killed parent, and a parent without stop ends', async () => {
  const killed = script('console.log((await start()).url); setInterval(() => {}, 1000)');
  const url = await firstLine(killed);
  killed.kill('SIGKILL');
  await ended(url);
  const forgetful = script('console.log((await start()).url)');
  const second = await firstLine(forgetful);
  assert.deepEqual(await once(forgetful, 'exit'), [0, null]);
  await ended(second);
});
