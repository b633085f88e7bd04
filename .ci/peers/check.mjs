// Holds the request schemas to ajv's judgement of cases.json, which a Go test shares, and the API
// descriptions to a linter's.
//
//   npm run check                            schemas from ../../bin/atlasint, or the file that ATLASINT names
//   npm run check -- --schemas DIR           schemas from DIR/GENERATION/TYPE.json
//
// Ends with status 1 where a peer disagrees, and says about what; payloads are never printed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import Ajv2020 from 'ajv/dist/2020.js';
import core from '@redocly/openapi-core';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const binary = process.env.ATLASINT || join(root, 'bin', 'atlasint');
const { values: flags } = parseArgs({ options: { schemas: { type: 'string' } } });

const complaints = [];

// Strict: a keyword or a format that ajv does not know is an error. Unions of kinds are how JSON Schema
// 2020-12 says nullable, so that one exception stays.
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });

function command(...args) {
  if (!existsSync(binary)) {
    console.error(`${binary} is not there: run make build first`);
    process.exit(1);
  }
  return execFileSync(binary, args, { encoding: 'utf8' });
}

function read(generation, type) {
  if (flags.schemas) {
    return readFileSync(join(flags.schemas, generation, `${type}.json`), 'utf8');
  }
  return command('schema', type, '--api', generation);
}

// The pairs of generation and type, as the command lists them; without the command, as the table does.
function pairs(cases) {
  if (flags.schemas) {
    return [...new Set(cases.map((c) => `${c.generation} ${c.type}`))];
  }
  const list = JSON.parse(command('types', '--json'));
  return list.flatMap((t) => t.generations.map((generation) => `${generation} ${t.type}`));
}

function compile(pair) {
  const [generation, type] = pair.split(' ');
  const schema = JSON.parse(read(generation, type));
  const judge = ajv.compile(schema);
  for (const example of schema.examples ?? []) {
    if (!judge(example)) complaints.push(`${pair}: ajv refuses the example in the schema`);
  }
  return judge;
}

function judgeCases() {
  const cases = JSON.parse(readFileSync(join(here, 'cases.json'), 'utf8'));
  const judges = new Map(pairs(cases).map((pair) => [pair, compile(pair)]));
  const judged = new Set();
  for (const { generation, type, valid, payload, why } of cases) {
    const pair = `${generation} ${type}`;
    judged.add(pair);
    const got = judges.get(pair)?.(payload);
    if (got !== valid) {
      complaints.push(`${pair}, ${why}: ajv says valid is ${got}, the table says ${valid}`);
    }
  }
  for (const pair of judges.keys()) {
    if (!judged.has(pair)) complaints.push(`${pair}: no case in the table`);
  }
  if (judges.size === 0) complaints.push('no schemas at all');
  console.log(`ajv: ${cases.length} cases, ${judges.size} schemas`);
}

// Request bodies with nested objects, arrays, numbers and a union; a Go test checks the same table.
function checkNested() {
  const { schema, cases } = JSON.parse(readFileSync(join(here, 'nested.json'), 'utf8'));
  const validate = ajv.compile(schema);
  for (const { valid, payload } of cases) {
    if (validate(payload) !== valid) complaints.push(`nested.json: ajv does not agree that valid is ${valid}: ${JSON.stringify(payload)}`);
  }
  if (cases.length < 300) complaints.push(`nested.json has ${cases.length} cases`);
  console.log(`ajv: ${cases.length} nested cases`);
}

// Each document that users read, by name: the curated ones, all forms of atlasint spec, and the control API's.
function documents(dir) {
  const names = { 'fakeatlas/internal/control/openapi.yaml': join(root, 'fakeatlas', 'internal', 'control', 'openapi.yaml') };
  for (const name of ['atlas-v1.yaml', 'atlas-v2.yaml', 'companions.yaml']) names[name] = join(root, 'openapi', name);
  for (const api of ['v2', 'v1.0']) {
    for (const form of [[], ['--go'], ['--openapi', '3.0'], ['--go', '--openapi', '3.0']]) {
      const args = ['spec', '--api', api, ...form];
      names[args.join(' ')] = join(dir, `${Object.keys(names).length}.yaml`);
      command(...args, '-o', names[args.join(' ')]);
    }
  }
  return names;
}

async function lint(names) {
  const config = await core.loadConfig({ configPath: join(here, 'redocly.yaml') });
  for (const [name, file] of Object.entries(names)) {
    const problems = await core.lint({ ref: file, config });
    for (const { severity, ruleId, message, location } of problems.filter((p) => !p.ignored)) {
      complaints.push(`${name}${location[0]?.pointer ?? ''}: ${severity} ${ruleId}: ${message}`);
    }
    const ignored = problems.filter((p) => p.ignored).map((p) => `${p.ruleId} ${p.location[0].pointer}`);
    for (const [rule, pointers] of Object.entries(config.styleguide.ignore[file] ?? {})) {
      for (const pointer of pointers) {
        if (!ignored.includes(`${rule} ${pointer}`)) {
          complaints.push(`${name}: .redocly.lint-ignore.yaml needs ${rule} ${pointer} no more`);
        }
      }
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
  if (!stdout.trim().startsWith('[')) complaints.push(`spectral: ${stderr}`);
  else for (const { code, path, message, source } of JSON.parse(stdout)) complaints.push(`${nameOf.get(source)} ${path.join('.')}: spectral ${code}: ${message}`);
  console.log(`spectral: ${Object.keys(names).length} documents`);
}

// .npmrc sees to this, unless a command line overrules it.
function checkLock() {
  const lock = readFileSync(join(here, 'package-lock.json'), 'utf8');
  if (lock.includes('"resolved"')) complaints.push('package-lock.json names a registry: see .npmrc');
}

judgeCases();
checkNested();
const dir = mkdtempSync(join(tmpdir(), 'atlasint-peers-'));
try {
  const names = documents(dir);
  await lint(names);
  spectral(names);
} finally {
  rmSync(dir, { recursive: true });
}
checkLock();
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
