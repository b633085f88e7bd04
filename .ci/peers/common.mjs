// What both checks share: files of the repository, the command, the types, and the list of failed checks.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
const binary = resolve(process.env.ATLASINT || join(root, 'bin', 'atlasint'));

// atlasint runs ../../bin/atlasint, or the file that ATLASINT names, in a folder.
export const atlasintIn = (cwd, ...args) => execFileSync(binary, args, { cwd, encoding: 'utf8' });
export const atlasint = (...args) => atlasintIn('.', ...args);

export const parse = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
export const cases = parse(here, 'cases.json');

// The types of each API version with their schemas, as the command prints them.
export const types = JSON.parse(atlasint('types', '--json')).flatMap(({ type, apiVersions }) => apiVersions.map(
  (apiVersion) => ({ apiVersion, type, schema: JSON.parse(atlasint('schema', type, '--api', apiVersion)) })));

// finish prints the failures and sets the exit code.
export function finish(failures) {
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
