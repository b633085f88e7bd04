import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { binary } from './binary.js';
import { controller } from './control.js';
import { checked } from './options.js';

// The documented credentials of `atlasint serve`. The server gets them explicitly: the environment of a test may contain
// those of a real project.
const standard = {
  MONGODB_ATLAS_PUBLIC_API_KEY: 'atlasint',
  MONGODB_ATLAS_PRIVATE_API_KEY: 'fake0000-0000-4000-8000-0000private0',
  MONGODB_ATLAS_CLIENT_ID: 'mdb_sa_id_00000000000000000000fake',
  MONGODB_ATLAS_CLIENT_SECRET: 'mdb_sa_sk_fake_fake_fake_fake_fake_fake_fake',
};

export async function start(options) {
  const { args, env: more, timeout } = checked(options);
  const env = { ...process.env, ATLASINT_STORE: '', ATLASINT_CONTROL_TOKEN: '', ...standard, ...more };
  const value = (name) => env[name] || standard[name]; // as the server does
  const child = spawn(binary(), ['serve', '--exit-with-stdin', '--addr', '127.0.0.1:0', ...args], { env, stdio: 'pipe', windowsHide: true });
  const stop = async () => {
    child.ref();
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const url = await ready(child, timeout);
  const members = controller(url, env.ATLASINT_CONTROL_TOKEN);
  try {
    await members.control('GET', 'health');
  } catch (error) {
    await stop();
    const off = 'the control API is off on this address\nhint: set ATLASINT_CONTROL_TOKEN in env, or listen on 127.0.0.1';
    throw new Error(`start atlasint serve: ${error.status === 404 ? off : error.message}`, { cause: error });
  }
  for (const handle of [child, child.stdin, child.stdout, child.stderr]) handle.unref(); // a test without stop may end
  const file = args.find((arg) => /^--credentials(=|$)/.test(arg));
  return {
    url,
    get credentials() {
      if (file) throw new Error('credentials: the server accepts those in the file of --credentials\nhint: read them from there');
      return {
        publicKey: value('MONGODB_ATLAS_PUBLIC_API_KEY'), privateKey: value('MONGODB_ATLAS_PRIVATE_API_KEY'),
        clientId: value('MONGODB_ATLAS_CLIENT_ID'), clientSecret: value('MONGODB_ATLAS_CLIENT_SECRET'),
      };
    },
    ...members,
    stop,
    [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]: stop,
  };
}

// ready returns the first line of the output, the base URL, and keeps reading, so that the server is never blocked. If
// the server ends instead, the error has its output: the report of invalid seeds is not on standard error.
function ready(child, timeout) {
  return new Promise((resolve, reject) => {
    let output = '';
    let lines = '';
    let url;
    const fail = (cause) => {
      clearTimeout(timer);
      reject(new Error(`start atlasint serve: ${cause}\n${output}`.trimEnd()));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`no response after ${timeout} ms`);
    }, timeout);
    const read = (text) => {
      output = (output + text).slice(-10_000);
    };
    child.stderr.setEncoding('utf8').on('data', read);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      if (url) return;
      read(text);
      lines += text;
      url = /^http:\S+(?=\n)/.exec(lines)?.[0];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
    child.stdin.on('error', () => {}); // the server ended: exit reports it
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => fail(signal ?? `exit code ${code}`));
  });
}
