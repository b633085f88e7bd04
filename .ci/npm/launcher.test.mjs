// Runs in a folder where @atlasint/cli is installed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { ended, firstLine } from './processes.mjs';

const launcher = 'node_modules/@atlasint/cli/bin.js';
const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });
const serve = (stdin, ...args) => spawn(process.execPath, [launcher, 'serve', '--addr', '127.0.0.1:0', ...args], { stdio: [stdin, 'pipe', 'ignore'] });

test('exit codes', () => {
  assert.equal(run(launcher, 'validate', '--no-such-flag').status, 2);
  assert.equal(run(launcher, 'ping', 'http://127.0.0.1:1').status, 3);
});

test('signals', async () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    const child = serve('ignore');
    const url = await firstLine(child);
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await ended(url);
  }
});

test('a server ends with a killed launcher, and with a pipe of its own', async () => {
  const killed = serve('ignore');
  const url = await firstLine(killed);
  killed.kill('SIGKILL');
  await ended(url);
  const piped = serve('pipe', '--exit-with-stdin');
  await firstLine(piped);
  piped.stdin.end();
  assert.deepEqual(await once(piped, 'exit'), [0, null]);
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

test('a checkout, and ATLASINT_BINARY', () => {
  const checkout = run(process.env.CHECKOUT, 'version');
  assert.deepEqual([checkout.status, checkout.stderr.split('\n')[0]], [3, 'run atlasint: a checkout contains no binary']);
  process.env.ATLASINT_BINARY = createRequire(import.meta.url).resolve(`@atlasint/cli-${process.platform}-${process.arch}/atlasint`);
  assert.match(run(process.env.CHECKOUT, 'version').stdout, /^atlasint /);
  writeFileSync('id', '#!/bin/sh\necho a file and not the command on PATH\n', { mode: 0o755 });
  process.env.ATLASINT_BINARY = 'id';
  assert.equal(run(launcher, 'version').stdout, 'a file and not the command on PATH\n');
  process.env.ATLASINT_BINARY = '/no/such/file';
  const missing = run(launcher, 'version');
  assert.deepEqual([missing.status, missing.stderr.split('\n')[0]], [3, 'run atlasint: /no/such/file is not a file']);
});
