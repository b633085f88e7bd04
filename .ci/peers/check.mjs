// Compares the request schemas with ajv, by cases.json and nested.json, and lints the API descriptions with redocly and
// Spectral. Exits with 1 if one of them disagrees. Run it with npm run check, after make build.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv2020 from 'ajv/dist/2020.js';
import core from '@redocly/openapi-core';

import { atlasint, cases, finish, here, parse, root, temporary, types } from './common.mjs';

const failures = [];

// Strict: an unknown keyword or format is an error. Nullable fields need unions of types.
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });

// Go tests check that each type has cases, with other validators, and that each example is valid.
function checkCases() {
  for (const { apiVersion, type, schema } of types) {
    const validate = ajv.compile(schema);
    for (const { valid, payload, why } of cases.filter((c) => c.apiVersion === apiVersion && c.type === type)) {
      if (validate(payload) !== valid) failures.push(`${apiVersion} ${type}, ${why}: ajv does not agree that valid is ${valid}`);
    }
  }
  console.log(`ajv: ${cases.length} cases, ${types.length} schemas`);
}

// Request bodies with nested objects, arrays, numbers and a union; a Go test checks the same table.
function checkNested() {
  const { schema, cases } = parse(here, 'nested.json');
  const validate = ajv.compile(schema);
  for (const { valid, payload } of cases) {
    if (validate(payload) !== valid) failures.push(`nested.json: ajv does not agree that valid is ${valid}: ${JSON.stringify(payload)}`);
  }
  console.log(`ajv: ${cases.length} nested cases`);
}

// Each document that users read, by name: the curated ones, all forms of atlasint spec, and the control API's.
function documents(dir) {
  const names = {};
  for (const name of ['fakeatlas/internal/control/openapi.yaml', 'openapi/atlas-v1.yaml', 'openapi/atlas-v2.yaml', 'openapi/companions.yaml']) {
    names[name] = join(root, name);
  }
  for (const api of ['v2', 'v1.0']) {
    for (const form of [[], ['--go'], ['--openapi', '3.0'], ['--go', '--openapi', '3.0']]) {
      const args = ['spec', '--api', api, ...form];
      names[args.join(' ')] = join(dir, `${Object.keys(names).length}.yaml`);
      atlasint(...args, '-o', names[args.join(' ')]);
    }
  }
  return names;
}

async function redocly(names) {
  const config = await core.loadConfig({ configPath: join(here, 'redocly.yaml') });
  for (const [name, file] of Object.entries(names)) {
    const problems = await core.lint({ ref: file, config });
    for (const { severity, ruleId, message, location } of problems.filter((p) => !p.ignored)) {
      failures.push(`${name}${location[0]?.pointer ?? ''}: ${severity} ${ruleId}: ${message}`);
    }
    const ignored = problems.filter((p) => p.ignored).map((p) => `${p.ruleId} ${p.location[0].pointer}`);
    const listed = Object.entries(config.styleguide.ignore[file] ?? {}).flatMap(([rule, pointers]) => [...pointers].map((p) => `${rule} ${p}`));
    for (const entry of listed.filter((entry) => !ignored.includes(entry))) {
      failures.push(`${name}: .redocly.lint-ignore.yaml lists ${entry}, which is not reported`);
    }
  }
  console.log(`redocly: ${Object.keys(names).length} documents`);
}

// Spectral's own rules for OpenAPI. Its JavaScript API loads rulesets of files only, so this runs its command.
function spectral(names) {
  const program = join(here, 'node_modules', '@stoplight', 'spectral-cli', 'dist', 'index.js');
  const args = ['lint', '--ruleset', join(here, 'spectral.yaml'), '--format', 'json', '--quiet', '--fail-severity', 'hint', ...Object.values(names)];
  const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 64 << 20 });
  const nameOf = new Map(Object.entries(names).map(([name, file]) => [file, name]));
  if (!stdout.trim().startsWith('[')) failures.push(`spectral: ${stderr}`);
  else for (const { code, path, message, source } of JSON.parse(stdout)) failures.push(`${nameOf.get(source)} ${path.join('.')}: spectral ${code}: ${message}`);
  console.log(`spectral: ${Object.keys(names).length} documents`);
}

checkCases();
checkNested();
await temporary(async (dir) => {
  const names = documents(dir);
  await redocly(names);
  spectral(names);
});
// .npmrc omits registries from the lock file, unless a command line overrides it.
if (readFileSync(join(here, 'package-lock.json'), 'utf8').includes('"resolved"')) failures.push('package-lock.json names a registry: see .npmrc');
await finish(failures, new Map(), {});
