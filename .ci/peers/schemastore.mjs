// Checks the schemas and the catalog of `atlasint schema --all` by the rules of SchemaStore (cli.js and CONTRIBUTING.md
// of github.com/SchemaStore/schemastore, commit 3b6446ad of 2026-08-07). Each rule must then find a planted fault. Go
// tests compare the patterns of files with those of the hooks, and editors.mjs the verdicts of the schemas.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import Ajv from 'ajv';
import YAML from 'yaml';

import { finish, parsed, root, written } from './common.mjs';

const base = 'https://example.com/schemas/';

// The keywords that SchemaStore registers for every schema and ours contain, and those of unknownKeywords in its
// schema-validation.jsonc, which a schema needs there in addition.
const registered = ['defaultSnippets', 'enumDescriptions'];
const unknownKeywords = ['deprecationMessage', 'doNotSuggest', 'patternErrorMessage', 'suggestSortText'];

// Configurations that the schema must accept and reject.
const accepted = ['.atlasint.yaml', 'examples/policies/.atlasint.yaml'].map((path) => YAML.parse(readFileSync(join(root, path), 'utf8')));
const rejected = [{ apis: 'v2' }, { api: 'v3' }, { overrides: [{ paths: ['x'] }] }, { rules: { required: 'maybe' } }, []];

function* checkCatalog({ schemas, ...rest }, files) {
  if (rest.$schema !== 'https://json.schemastore.org/schema-catalog.json' || typeof rest.version !== 'number' || Object.keys(rest).length > 2) {
    yield 'the members of the catalog';
  }
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
}

// No formats are registered, and ajv's strict mode rejects unknown ones.
function* checkSchema(path, schema) {
  if (schema.$schema !== 'http://json-schema.org/draft-07/schema#') yield `the dialect ${schema.$schema}`;
  if (!/^https:\/\//.test(schema.$id ?? '') || !schema.$id.endsWith(`/${path}`)) yield `the $id ${schema.$id}`;
  if (schema.$ref) yield 'a $ref beside other keywords';
  const ajv = new Ajv({ strict: true, logger: false });
  [...registered, ...unknownKeywords].forEach((keyword) => ajv.addKeyword(keyword));
  let accepts;
  try {
    accepts = ajv.compile(schema);
  } catch (error) {
    yield error.message;
    return;
  }
  if (path !== 'atlasint.schema.json') return;
  for (const value of accepted) if (!accepts(value)) yield `a positive test fails: ${ajv.errorsText(accepts.errors)}`;
  for (const value of rejected) if (accepts(value)) yield `a negative test passes: ${JSON.stringify(value)}`;
}

function check(files) {
  const faults = [];
  for (const [path, value] of files) {
    for (const fault of path === 'catalog.json' ? checkCatalog(value, files) : checkSchema(path, value)) faults.push(`${path}: ${fault}`);
  }
  return faults;
}

// JSON.parse accepts names that occur twice.
function isStrict(text) {
  try {
    return Boolean(YAML.parse(text, { uniqueKeys: true }));
  } catch {
    return false;
  }
}

// Faults to plant, by a part of the message about each.
const inCatalog = (change) => (files) => change(files.get('catalog.json').schemas, files.get('catalog.json'));
const inSchema = (change) => (files) => change(files.get('v2/integration.json'));
const inConfiguration = (change) => (files) => change(files.get('atlasint.schema.json'));
const plants = {
  'the members of the catalog': inCatalog((all, catalog) => { catalog.extra = 1; }),
  'a name that occurs twice': inCatalog((all) => { all[1].name = all[0].name; }),
  'an unknown member': inCatalog(([e]) => { e.extra = 1; }),
  'the url of': inCatalog(([e]) => { e.url = 'v2/integration.json'; }),
  'a missing name or description': inCatalog(([e]) => delete e.description),
  'the end of': inCatalog(([e]) => { e.description += '.'; }),
  'the words of': inCatalog(([e]) => { e.name += ' schemas of'; }),
  'the number of entries': inCatalog((all) => all.pop()),
  'the dialect': inSchema((s) => { s.$schema = 'https://json-schema.org/draft/2020-12/schema'; }),
  'the $id': inSchema((s) => { s.$id = 'v2/integration.json'; }),
  'a $ref beside': inSchema((s) => { s.$ref = 'https://example.com/x.json'; }),
  'unknown keyword': inSchema((s) => { s.nonsense = true; }),
  'unknown format': inSchema((s) => { s.properties.type.format = 'nonsense'; }),
  strictTypes: inSchema((s) => { s.properties.type.type = ['string', 'number']; }),
  strictRequired: inSchema((s) => { s.required.push('nonsense'); }),
  'a positive test fails': inConfiguration((s) => { s.properties = {}; }),
  'a negative test passes': inConfiguration((s) => delete s.additionalProperties),
};

const texts = await written('.', ['schema', '--all', '-o', '.', '--base-url', base]);
const files = parsed(texts);
const failures = check(files);
for (const [path, text] of texts) if (!isStrict(text)) failures.push(`${path}: not strict JSON`);
if (isStrict('{"a": 1, "a": 2}')) failures.push('a name that occurs twice is not found');
// Every keyword in the list of unknownKeywords is in use.
for (const name of unknownKeywords) if (![...texts.values()].some((text) => text.includes(`"${name}"`))) failures.push(`no schema has ${name}`);
console.log(`schemastore: ${files.size - 1} schemas and a catalog, ${Object.keys(plants).length} planted faults`);
await finish(failures, files, plants, check, true);
