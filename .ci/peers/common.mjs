// What the checks share: files of the repository, the command, the types, and planted faults.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');
const binary = resolve(process.env.ATLASINT || join(root, 'bin', 'atlasint'));

// atlasint runs ../../bin/atlasint, or the file that ATLASINT names.
export const atlasint = (...args) => execFileSync(binary, args, { encoding: 'utf8' });

export const parse = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));
export const cases = parse(here, 'cases.json');

// The types of each API version with their schemas, as the command prints them.
export const types = JSON.parse(atlasint('types', '--json')).flatMap(({ type, apiVersions }) => apiVersions.map(
  (apiVersion) => ({ apiVersion, type, schema: JSON.parse(atlasint('schema', type, '--api', apiVersion)) })));

// temporary calls a function with a new folder, and deletes the folder afterwards.
export async function temporary(use) {
  const dir = mkdtempSync(join(tmpdir(), 'atlasint-peers-'));
  try {
    return await use(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

// written returns the texts of the JSON files that the command writes into folder of a temporary directory, by path.
export const written = (folder, args) => temporary((dir) => {
  execFileSync(binary, args, { cwd: dir });
  const paths = readdirSync(join(dir, folder), { recursive: true }).map((path) => path.replaceAll('\\', '/'));
  return new Map(paths.filter((path) => path.endsWith('.json')).map((path) => [path, readFileSync(join(dir, folder, path), 'utf8')]));
});

export const parsed = (texts) => new Map([...texts].map(([path, text]) => [path, JSON.parse(text)]));

// finish adds the planted faults that a check of files doesn't find to the failures, prints these and sets the exit code.
// A fault is a part of the message about it, or any other text, and the change that makes it.
export async function finish(failures, files, plants, check, named) {
  for (const [fault, plant] of Object.entries(plants)) {
    const changed = structuredClone(files);
    plant(changed);
    const found = await check(changed);
    if (!found.some((failure) => !named || failure.includes(fault))) failures.push(`a planted fault is not found: ${fault}: ${found}`);
  }
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
