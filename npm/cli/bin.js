#!/usr/bin/env node
// Runs the command with the same arguments, streams, signals and exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { binary } from './binary.js';

let path;
try {
  path = binary();
} catch (error) {
  console.error(error.message);
  process.exit(3);
}
const args = process.argv.slice(2);
// A killed launcher can't stop a server, but the system closes its end of a pipe. The server reads nothing else.
const piped = args[0] === 'serve' && !args.some((arg) => arg.startsWith('--exit-with-stdin'));
if (piped) args.splice(1, 0, '--exit-with-stdin');
const child = spawn(path, args, { stdio: [piped ? 'pipe' : 'inherit', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(`run atlasint: ${error.message}`);
  process.exit(3);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
  process.on(signal, () => {
    // A terminal sends Ctrl+C to both processes, and a second SIGINT would stop a server at once.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
