import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { binary } from './binary.js';

// The documented credentials of `atlasint serve`. The server gets them explicitly: the environment of a test may contain
// those of a real project.
const standard = {
  MONGODB_ATLAS_PUBLIC_API_KEY: 'atlasint',
  MONGODB_ATLAS_PRIVATE_API_KEY: 'fake0000-0000-4000-8000-0000private0',
  MONGODB_ATLAS_CLIENT_ID: 'mdb_sa_id_00000000000000000000fake',
  MONGODB_ATLAS_CLIENT_SECRET: 'mdb_sa_sk_fake_fake_fake_fake_fake_fake_fake',
};

export async function start({ args = [], env: more = {}, timeout = 10_000 } = {}) {
  const env = { ...process.env, ATLASINT_STORE: '', ATLASINT_CONTROL_TOKEN: '', ...standard, ...more };
  const child = spawn(process.execPath, [fileURLToPath(new URL('watch.js', import.meta.url)), binary(), 'serve', '--addr', '127.0.0.1:0', ...args], {
    env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true,
  });
  const exited = once(child, 'exit');
  const url = await ready(child, timeout);
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) handle.unref(); // a test without stop may end

  const call = async (method, path) => {
    const headers = env.ATLASINT_CONTROL_TOKEN ? { authorization: `Bearer ${env.ATLASINT_CONTROL_TOKEN}` } : {};
    const response = await fetch(`${url}/_atlasint/${path}`, { method, headers });
    if (!response.ok) throw new Error(`${method} /_atlasint/${path}: status ${response.status}: ${await response.text()}`);
    return response;
  };
  const stop = async () => {
    child.ref();
    child.stdin.end();
    await exited;
  };
  return {
    url,
    credentials: {
      publicKey: env.MONGODB_ATLAS_PUBLIC_API_KEY, privateKey: env.MONGODB_ATLAS_PRIVATE_API_KEY,
      clientId: env.MONGODB_ATLAS_CLIENT_ID, clientSecret: env.MONGODB_ATLAS_CLIENT_SECRET,
    },
    reset: async () => void (await call('POST', 'reset')),
    requests: async () => (await (await call('GET', 'requests')).json()).requests,
    stop,
    [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: stop,
  };
}

// ready returns the first line of the output, the base URL, and keeps reading, so that the server is never blocked.
function ready(child, timeout) {
  return new Promise((resolve, reject) => {
    let output = '';
    let messages = '';
    const timer = setTimeout(() => {
      child.stdin.end();
      reject(new Error(`start atlasint serve: no answer after ${timeout} ms\n${messages}`));
    }, timeout);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (output.includes('\n')) return;
      output += text;
      if (!output.includes('\n')) return;
      clearTimeout(timer);
      resolve(output.slice(0, output.indexOf('\n')));
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      messages = (messages + text).slice(-10_000);
    });
    child.stdin.on('error', () => {}); // the server ended: exit reports it
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`start atlasint serve: exit code ${code}\n${messages}`));
    });
  });
}
