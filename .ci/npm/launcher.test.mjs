// Runs in a folder where @atlasint/cli is installed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { start } from '@atlasint/cli';

const launcher = 'node_modules/@atlasint/cli/bin.js';
const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });
const firstLine = async (child) => String((await once(child.stdout, 'data'))[0]).split('\n')[0];
const script = (text) => spawn(process.execPath, ['--input-type=module', '-e', `import { start } from '@atlasint/cli'; ${text}`]);

async function ended(url) {
  for (;;) {
    try {
      await fetch(`${url}/_atlasint/health`);
    } catch {
      return;
    }
  }
}

test('exit codes', () => {
  assert.equal(run(launcher, 'validate', '--no-such-flag').status, 2);
  assert.equal(run(launcher, 'ping', 'http://127.0.0.1:1').status, 3);
});

test('signals', async () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const child = spawn(process.execPath, [launcher, 'serve', '--addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const url = await firstLine(child);
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await ended(url);
  }
});

test('missing packages', () => {
  const folder = `node_modules/@atlasint/cli-${process.platform}-${process.arch}`;
  renameSync(folder, `${folder}.away`);
  const missing = run(launcher, 'version');
  renameSync(`${folder}.away`, folder);
  assert.equal(missing.status, 3);
  assert.match(missing.stderr, /^run atlasint: package @atlasint\/cli-linux-\w+ is not installed\nhint: .*--omit=optional/);
  const other = run('--import', 'data:text/javascript,Object.defineProperty(process,"arch",{value:"mips"})', launcher, 'version');
  assert.equal(other.status, 3);
  assert.match(other.stderr, /^run atlasint: no package for linux-mips\nhint: /);
});

test('start ignores the credentials of the environment, and rejects with the messages of the server', async () => {
  process.env.MONGODB_ATLAS_PUBLIC_API_KEY = 'a-real-key';
  const atlas = await start();
  assert.equal(atlas.credentials.publicKey, 'atlasint');
  assert.deepEqual(await atlas.requests(), []);
  await atlas.stop();
  await atlas.stop();
  await ended(atlas.url);
  await assert.rejects(start({ args: ['--no-such-flag'] }), /exit code 2\n.*no-such-flag/);
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
