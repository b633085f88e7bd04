// Checks the schemas and the catalog of `atlasint schema --all` by the rules of SchemaStore (cli.js and CONTRIBUTING.md
// of github.com/SchemaStore/schemastore, commit 3b6446ad of 2026-08-07). Each rule must then find a planted fault.
//
//   node schemastore.mjs      ../../bin/atlasint, or the file that ATLASINT names
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv';
import minimatch from 'minimatch';
import YAML from 'yaml';

import { Editor } from './editor.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = resolve(process.env.ATLASINT || join(root, 'bin/atlasint'));
const base = 'https://example.com/schemas/';
const read = (path) => readFileSync(join(root, path), 'utf8');

// The keywords that SchemaStore registers for every schema and ours contain, and those of unknownKeywords in its
// schema-validation.jsonc, which a schema needs there in addition.
const registered = ['defaultSnippets', 'enumDescriptions'];
const unknownKeywords = ['deprecationMessage', 'doNotSuggest', 'patternErrorMessage', 'suggestSortText'];

function write() {
  const dir = mkdtempSync(join(tmpdir(), 'atlasint-schemastore-'));
  try {
    execFileSync(binary, ['schema', '--all', '-o', dir, '--base-url', base]);
    const paths = readdirSync(dir, { recursive: true }).filter((path) => path.endsWith('.json'));
    return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(dir, path))]));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

// Files that a schema must accept, and values that it must reject.
const cases = JSON.parse(read('.ci/peers/cases.json'));
const tests = new Map([['atlasint.schema.json', {
  positive: ['.atlasint.yaml', 'examples/policies/.atlasint.yaml'].map((path) => YAML.parse(read(path))),
  negative: [{ apis: 'v2' }, { api: 'v3' }, { overrides: [{ paths: ['x'] }] }, { rules: { required: 'maybe' } }, []],
}]]);
for (const version of ['v2', 'v1.0']) {
  const folder = `examples/payloads/${version}`;
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.json'));
  const own = cases.filter((c) => c.apiVersion === version && c.payload?.type === c.type);
  tests.set(`${version}/integration.json`, {
    positive: [...files.map((name) => JSON.parse(read(`${folder}/${name}`))), ...own.filter((c) => c.valid).map((c) => c.payload)],
    negative: own.filter((c) => !c.valid).map((c) => c.payload),
  });
}

function* checkCatalog(catalog, files) {
  const { schemas, ...rest } = catalog;
  if (rest.$schema !== 'https://json.schemastore.org/schema-catalog.json' || typeof rest.version !== 'number' || Object.keys(rest).length > 2) {
    yield 'the members of the catalog';
  }
  const patterns = schemas.flatMap(({ fileMatch = [] }) => fileMatch);
  if (new Set(patterns).size < patterns.length) yield 'a fileMatch that occurs twice';
  if (new Set(schemas.map(({ name }) => name)).size < schemas.length) yield 'a name that occurs twice';
  for (const entry of schemas) {
    if (Object.keys(entry).some((key) => !['name', 'description', 'fileMatch', 'url'].includes(key))) yield 'an unknown member';
    if (!URL.canParse(entry.url) || !files.has(entry.url.slice(base.length))) yield `the url of ${entry.name}`;
    for (const text of [entry.name, entry.description]) {
      if (typeof text !== 'string' || !text) yield 'a missing name or description';
      else if (/[,. \t-]$/.test(text)) yield `the end of ${text}`;
      else if (/schema/i.test(text) || text.includes('\n')) yield `the words of ${text}`;
    }
  }
  if (schemas.length !== files.size - 1) yield 'the number of entries';
  yield* checkPatterns(schemas, patterns);
}

// The rules of CONTRIBUTING.md ask for simple patterns. Two schemas for one file would contradict each other.
function* checkPatterns(schemas, patterns) {
  for (const pattern of patterns) {
    if (pattern.includes('/') && !pattern.startsWith('**/')) yield `a folder without **/: ${pattern}`;
    if (/[!{}()[\]?+@]/.test(pattern)) yield `a pattern that isn't simple: ${pattern}`;
    if (!/[^*./]{4}.*\.(json|ya?ml)$/.test(pattern)) yield `a generic pattern, or no extension: ${pattern}`;
    for (const below of ['', 'a/', 'a/v1.0/']) {
      const file = `x/${pattern.replace('**/', '')}`.replace('**/', below).replace('*', 'a');
      const matching = schemas.filter(({ fileMatch = [] }) => fileMatch.some((p) => minimatch(file, p, { matchBase: !p.includes('/'), dot: true })));
      if (matching.length !== 1) yield `${file} has ${matching.length} schemas`;
    }
  }
}

function* checkSchema(path, data) {
  const text = data.toString();
  if (/^(\uFEFF|\uFFFD)/.test(text)) yield 'a byte order mark';
  let schema;
  try {
    YAML.parse(text, { uniqueKeys: true }); // JSON.parse accepts names that occur twice
    schema = JSON.parse(text);
  } catch (error) {
    yield `not strict JSON: ${error.message}`;
    return;
  }
  if (schema.$schema !== 'http://json-schema.org/draft-07/schema#') yield `the dialect ${schema.$schema}`;
  if (!/^https:\/\//.test(schema.$id ?? '') || !schema.$id.endsWith(`/${path}`)) yield `the $id ${schema.$id}`;
  if (schema.$ref) yield 'a $ref beside other keywords';
  yield* validate(path, schema);
}

// No formats are registered, and ajv's strict mode rejects unknown ones.
function* validate(path, schema) {
  const ajv = new Ajv({ strict: true, logger: false });
  [...registered, ...unknownKeywords].forEach((keyword) => ajv.addKeyword(keyword));
  let accepts;
  try {
    accepts = ajv.compile(schema);
  } catch (error) {
    yield error.message;
    return;
  }
  const { positive = [], negative = [] } = tests.get(path) ?? {};
  for (const value of positive) if (!accepts(value)) yield `a positive test fails: ${ajv.errorsText(accepts.errors)}`;
  for (const value of negative) if (accepts(value)) yield `a negative test passes: ${JSON.stringify(value)}`;
}

// The patterns work in yaml-language-server, which reads SchemaStore's catalog.
async function* checkEditor(catalog, files) {
  const local = (url) => `./schemas/${url.slice(base.length)}`;
  const yaml = catalog.schemas.flatMap(({ url, fileMatch }) => (fileMatch ? [{ url: local(url), fileMatch }] : []));
  const schemas = new Map([...files].map(([path, data]) => [path, JSON.parse(data)]));
  const editor = new Editor(schemas, { json: [], yaml }, 'schemas/');
  for (const [file, text, marked] of [
    ['integrations/atlas/deep/x.yaml', 'type: FLOWDOCK', true], ['x/integrations/atlas-v1.0/x.yml.yaml', 'type: FLOWDOCK\nflowName: a\norgName: a\napiToken: a', false],
    ['.atlasint.yaml', 'apis: v2', true], ['.atlasint.yaml', 'api: v2', false], ['other/x.yaml', 'type: FLOWDOCK', false],
  ]) {
    const { problems } = await editor.problems(file, text);
    if ((problems.length > 0) !== marked) yield `yaml-language-server: ${file}: ${text}: ${problems}`;
  }
}

async function check(files) {
  const faults = [];
  for (const [path, data] of files) {
    if (path !== 'catalog.json') for (const fault of checkSchema(path, data)) faults.push(`${path}: ${fault}`);
  }
  if (faults.some((fault) => fault.includes('not strict JSON'))) return faults;
  const catalog = JSON.parse(files.get('catalog.json'));
  for (const fault of checkCatalog(catalog, files)) faults.push(`catalog.json: ${fault}`);
  for await (const fault of checkEditor(catalog, files)) faults.push(`catalog.json: ${fault}`);
  return faults;
}

// Faults to plant, and a part of the message about each.
const inFile = (path, change) => (files) => {
  const value = JSON.parse(files.get(path));
  change(value);
  files.set(path, Buffer.from(JSON.stringify(value)));
};
const inEntry = (change) => inFile('catalog.json', ({ schemas }) => change(schemas[0], schemas));
const inText = (change) => (files) => files.set('v2/SLACK.json', change(files.get('v2/SLACK.json').toString()));
const inSchema = (change) => inFile('v2/integration.json', change);
const plants = [
  ['the members of the catalog', inFile('catalog.json', (c) => { c.extra = 1; })],
  ['a fileMatch that occurs twice', inEntry((e, all) => { all.at(-1).fileMatch.push(e.fileMatch[0]); })],
  ['a name that occurs twice', inEntry((e, all) => { all[1].name = e.name; })],
  ['an unknown member', inEntry((e) => { e.extra = 1; })],
  ['the url of', inEntry((e) => { e.url = 'v2/integration.json'; })],
  ['a missing name or description', inEntry((e) => delete e.description)],
  ['the end of', inEntry((e) => { e.description += '.'; })],
  ['the words of', inEntry((e) => { e.name += ' schemas of'; })],
  ['the number of entries', inEntry((e, all) => { all.splice(1, 1); })],
  ['a folder without **/', inEntry((e) => { e.fileMatch[0] = 'integrations/atlas/*.json'; })],
  ["a pattern that isn't simple", inEntry((e) => { e.fileMatch.push('!**/integrations/atlas/v1.0/*.json'); })],
  ['a generic pattern', inEntry((e) => { e.fileMatch[0] = '**/*.json'; })],
  ['has 2 schemas', inEntry((e, all) => { all[1].fileMatch = ['**/integrations/atlas/a/*.json']; })],
  ['yaml-language-server', inEntry((e) => { e.fileMatch = e.fileMatch.filter((p) => !p.endsWith('yaml')); })],
  ['yaml-language-server: .atlasint.yaml', inEntry((e, all) => { all.at(-1).fileMatch = ['atlasint.yaml']; })],
  ['a byte order mark', inText((text) => Buffer.from(`\uFEFF${text}`))],
  ['Map keys must be unique', inText((text) => Buffer.from(text.replace('{', '{"title": "x",')))],
  ['the dialect', inSchema((s) => { s.$schema = 'https://json-schema.org/draft/2020-12/schema'; })],
  ['the $id', inSchema((s) => { s.$id = 'v2/integration.json'; })],
  ['a $ref beside', inSchema((s) => { s.$ref = 'https://example.com/x.json'; })],
  ['unknown keyword', inSchema((s) => { s.nonsense = true; })],
  ['unknown format', inSchema((s) => { s.properties.type.format = 'nonsense'; })],
  ['strictTypes', inSchema((s) => { s.properties.type.type = ['string', 'number']; })],
  ['strictRequired', inSchema((s) => { s.required.push('nonsense'); })],
  ['a positive test fails', inSchema((s) => { s.definitions.SLACK.properties.apiToken.maxLength = 1; })],
  ['a negative test passes', inSchema((s) => delete s.allOf)],
  ['atlasint.schema.json: a negative test passes', inFile('atlasint.schema.json', (s) => delete s.additionalProperties)],
  ...unknownKeywords.map((name) => [`"${name}x"`, (files) => {
    for (const path of files.keys()) files.set(path, Buffer.from(files.get(path).toString().replaceAll(`"${name}"`, `"${name}x"`)));
  }]),
];

const files = write();
const faults = await check(files);
for (const [want, plant] of plants) {
  const planted = new Map(files);
  plant(planted);
  const found = await check(planted);
  if (!found.some((fault) => fault.includes(want))) faults.push(`no rule finds a planted fault: ${want}: ${found}`);
}
faults.forEach((fault) => console.error(fault));
console.log(`schemastore: ${files.size - 1} schemas and a catalog, ${plants.length} planted faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
