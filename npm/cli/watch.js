// Runs the command of its arguments until standard input ends, which it does when the parent process ends for any reason.
import { spawn } from 'node:child_process';

const child = spawn(process.argv[2], process.argv.slice(3), { stdio: ['ignore', 'inherit', 'inherit'] });
process.stdin.on('end', () => child.kill('SIGTERM')).on('error', () => child.kill('SIGTERM')).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {}); // the parent decides
child.on('error', (error) => {
  console.error(error.message);
  process.exit(3);
});
child.on('exit', (code) => process.exit(code ?? 3));
