// Holds the schemas for editors to what editors make of them: the JSON service of VS Code and
// yaml-language-server are asked for suggestions, hovers and problems, for every type and generation, by
// editors.json and by what the other commands say; ajv judges the payloads of cases.json. Then faults are
// planted, each of which has to be noticed.
//
//   node editors.mjs          ../../bin/atlasint, or the file that ATLASINT names
//
// Ends with status 1 where something is not as it should be, and says what.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import Ajv from 'ajv';

import { Editor, expanded } from './editor.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const binary = resolve(process.env.ATLASINT || join(root, 'bin', 'atlasint'));
if (!existsSync(binary)) {
  console.error(`${binary} is not there: run make build first`);
  process.exit(1);
}

const atlasint = (...args) => execFileSync(binary, args, { encoding: 'utf8' });
const parse = (file) => JSON.parse(readFileSync(file, 'utf8'));
const table = parse(join(here, 'editors.json'));
const cases = parse(join(here, 'cases.json'));
const page = readFileSync(join(root, 'docs', 'editors.md'), 'utf8');
const blocks = (language) => [...page.matchAll(new RegExp('^```' + language + '\\n([^]*?)^```$', 'gm'))].map((m) => m[1].trim());
const settings = Object.assign({}, ...blocks('json').map((block) => JSON.parse(block)));

// What is known of the types from the commands that editors have no part in.
const types = JSON.parse(atlasint('types', '--json')).flatMap(({ type, generations }) => generations.map((generation) => {
  const judge = JSON.parse(atlasint('schema', type, '--api', generation));
  const { type: itself, ...properties } = judge.properties;
  return {
    generation, type, itself, properties,
    fields: Object.keys(properties), required: judge.required.filter((name) => name !== 'type'),
    starter: JSON.parse(atlasint('new', type, '--api', generation)),
  };
}));

// The first command of the page writes the schemas, in a workspace of its own.
const [written] = blocks('sh');
const folder = /-o (\S+)$/.exec(written)[1] + '/';
function write() {
  const workspace = mkdtempSync(join(tmpdir(), 'atlasint-editors-'));
  try {
    execFileSync(binary, written.split(' ').slice(1), { cwd: workspace });
    const dir = join(workspace, folder);
    const paths = readdirSync(dir, { recursive: true }).map((path) => path.replaceAll('\\', '/'));
    return new Map(paths.filter((path) => path.endsWith('.json')).map((path) => [path, parse(join(dir, path))]));
  } finally {
    rmSync(workspace, { recursive: true });
  }
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const pathOf = (at) => `${at.includes('/') ? at : `${at}/integration`}.json`;

// Where a document has to lie to be judged by the schema named "v2", or "v2/DATADOG".
function file(at, ending = 'json') {
  if (at.includes('/')) return `one/${at}/x.${ending}`;
  return at === 'v2' ? `atlas-integrations/x.${ending}` : `atlas-integrations/${at}/x.${ending}`;
}

// Payloads that every generation's validator looks at, by the rules that speak for the schema.
const schemaRules = ['required', 'unknown-field', 'foreign-field', 'removed-field', 'wrong-type', 'enum', 'length', 'null', 'key-format'];

class Check {
  complaints = [];
  asked = 0;

  constructor(files) {
    this.files = files;
    const more = types.map(({ generation, type }) => (
      { url: `./${folder}${generation}/${type}.json`, fileMatch: [`/one/${generation}/${type}/**/*.json`] }));
    this.editor = new Editor(files, settings, folder, more);
  }

  expect(what, got, want) {
    this.asked++;
    if (!same(got, want)) this.complaints.push(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
  }

  holds(what, fine) {
    this.asked++;
    if (!fine) this.complaints.push(what);
  }

  async run() {
    this.expect('schemas', this.files.size, types.length + 2 + 1);
    await this.table();
    for (const t of types) {
      for (const at of [t.generation, `${t.generation}/${t.type}`]) await this.type(t, at);
      await this.starters(t);
      await this.foreign(t);
      await this.yaml(t);
    }
    this.ajv();
    await this.verdicts();
    await this.references();
    await this.failing();
    await this.catalogue();
    return this.complaints;
  }

  async table() {
    for (const { at, yaml, text, labels } of table.suggestions) {
      const got = await this.editor.suggestions(file(at, yaml ? 'yaml' : 'json'), text);
      this.expect(`${at} ${text}: suggestions`, got.map((i) => i.label), labels);
    }
    for (const { at, yaml, text, says } of table.hovers) {
      const got = await this.editor.hover(file(at, yaml ? 'yaml' : 'json'), text);
      for (const words of says) this.holds(`${at} ${text}: the hover lacks ${words}: ${got}`, got.includes(words));
    }
    for (const { at, yaml, text, problems } of table.problems) {
      const got = await this.editor.problems(file(at, yaml ? 'yaml' : 'json'), text);
      this.expect(`${at} ${text}: problems`, got.problems, problems);
    }
  }

  // The fields, values, hovers and missing fields of one type, by one schema.
  async type({ generation, type, itself, properties, fields, required }, at) {
    const where = file(at);
    const names = types.filter((t) => t.generation === generation).map((t) => `"${t.type}"`).sort();
    const offered = await this.editor.suggestions(where, '{ "type": "¦" }');
    this.expect(`${at}: types`, offered.map((i) => i.label), at === generation ? names : [`"${type}"`]);
    this.holds(`${at}: a type without a word`, offered.every((i) => i.documentation));
    const first = await this.editor.suggestions(where, '{ ¦ }');
    this.expect(`${at}: at first`, first.map((i) => i.label).sort(), at === generation ? ['type'] : [...fields, 'type'].sort());
    this.expect(`${at}: type`, first[0].insertText, at === generation ? '"type": $1' : `"type": "\${1:${type}}"`);
    const got = await this.editor.fields(where, `{ "type": "${type}", ¦ }`);
    this.expect(`${at} ${type}: fields`, [...got].sort(), [...fields].sort());
    this.expect(`${at} ${type}: required fields first`, [...got.slice(0, required.length)].sort(), [...required].sort());
    for (const name of ['type', ...fields]) {
      const schema = properties[name] ?? itself;
      const rest = name === 'type' ? '' : `"type": "${type}", `;
      const value = name === 'type' ? `"${type}"` : '"x"';
      const hover = await this.editor.hover(where, `{ ${rest}"¦${name}": ${value} }`);
      this.holds(`${at} ${type}: hover over ${name}: ${hover}`, hover.includes(schema.title) && hover.includes(schema.description));
      if (name !== 'type') await this.values(where, type, name, schema);
    }
    const { problems, retired } = await this.editor.problems(where, `{"type": "${type}"}`);
    this.expect(`${at} ${type}: missing fields`, problems.sort(), required.map((name) => `1:1 Missing property "${name}".`).sort());
    this.expect(`${at} ${type}: marked as retired`, retired.length, table.retired.includes(type) ? 1 : 0);
  }

  async values(where, type, name, schema) {
    const offered = await this.editor.suggestions(where, `{ "type": "${type}", "${name}": ¦ }`);
    const labels = offered.map((i) => i.label);
    const want = schema.enum?.map((v) => JSON.stringify(v)) ?? (schema.type === 'boolean' ? ['false', 'true'] : undefined);
    if (want) this.expect(`${where} ${type} ${name}: values`, [...labels].sort(), [...want].sort());
    if (schema.enum) this.holds(`${where} ${type} ${name}: a value without a word`, offered.every((i) => i.documentation));
    if ('default' in schema) {
      const marked = offered.filter((i) => i.labelDetails?.description === 'Default value').map((i) => i.label);
      this.expect(`${where} ${type} ${name}: default`, marked, [JSON.stringify(schema.default)]);
    }
  }

  // An empty document: the payload that atlasint new prints, which is fine where it is put.
  async starters({ generation, type, properties, starter }) {
    for (const at of [generation, `${generation}/${type}`]) {
      const [snippet] = (await this.editor.suggestions(file(at), '¦')).filter((i) => i.label === type);
      const text = expanded(snippet?.insertText ?? '{}');
      this.expect(`${at} ${type}: in an empty document`, JSON.parse(text), starter);
      this.expect(`${at} ${type}: problems of ${text}`, (await this.editor.problems(file(at), text)).problems, []);
    }
    const references = Object.entries(starter).filter(([name, value]) => String(value).startsWith('${env:') && !properties[name].enum);
    for (const [name, value] of references) {
      const [offered] = await this.editor.suggestions(file(generation), `{ "type": "${type}", "${name}": ¦ }`);
      this.expect(`${generation} ${type} ${name}: offered`, expanded(offered?.insertText ?? ''), JSON.stringify(value));
    }
  }

  // A field of another type is one problem, and the same one by both schemas: one branch is blamed.
  async foreign({ generation, type, fields, starter }) {
    const others = types.filter((t) => t.generation === generation && t.type !== type).flatMap((t) => t.fields);
    for (const name of new Set(others.filter((other) => !fields.includes(other)))) {
      const text = JSON.stringify({ ...starter, [name]: true });
      const column = text.indexOf(`"${name}":`) + 1;
      for (const at of [generation, `${generation}/${type}`]) {
        const { problems } = await this.editor.problems(file(at), text);
        this.expect(`${at} ${type} with ${name}`, problems, [`1:${column} Property ${name} is not allowed.`]);
      }
    }
  }

  async yaml({ generation, type, properties, fields, required }) {
    for (const at of [generation, `${generation}/${type}`]) {
      const where = file(at, 'yaml');
      const others = types.map((t) => t.type).filter((name) => name !== type);
      const all = await this.editor.suggestions(where, `type: ${type}\n¦`);
      this.expect(`${where} ${type}: other types`, all.map((i) => i.label).filter((label) => others.includes(label)), []);
      const got = await this.editor.fields(where, `type: ${type}\n¦`);
      this.expect(`${where} ${type}: fields`, [...got].sort(), [...fields].sort());
      for (const name of fields) {
        const hover = await this.editor.hover(where, `type: ${type}\n¦${name}: x`);
        this.holds(`${where} ${type}: hover over ${name}: ${hover}`, hover.includes(properties[name].title));
      }
      const { problems, retired } = await this.editor.problems(where, `type: ${type}\n`);
      this.expect(`${where} ${type}: missing fields`, problems.sort(), required.map((name) => `1:1 Missing property "${name}".`).sort());
      this.expect(`${where} ${type}: marked as retired`, retired.length, table.retired.includes(type) ? 1 : 0);
    }
  }

  // Strict: a keyword that neither draft-07 nor this list has is an error.
  ajv() {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
    ajv.addVocabulary(['enumDescriptions', 'patternErrorMessage', 'deprecationMessage', 'defaultSnippets', 'doNotSuggest', 'suggestSortText']);
    this.judges = new Map();
    const ids = new Set();
    for (const [path, schema] of this.files) {
      if (path === 'catalog.json') continue;
      ids.add(schema.$id);
      this.holds(`${path}: $id ${schema.$id}`, schema.$id.endsWith(`/${path}`));
      try {
        this.judges.set(path, ajv.compile(schema));
      } catch (error) {
        this.holds(`${path}: ajv: ${error.message}`, false);
      }
    }
    this.expect('names of schemas', ids.size, this.files.size - 1);
  }

  // Both schemas and both judges agree on a payload. A type's own schema asks for that type.
  async agree(what, generation, type, payload, valid) {
    for (const at of [generation, `${generation}/${type}`]) {
      if (at === generation && payload?.type !== type && payload?.type !== undefined) continue;
      const { problems } = await this.editor.problems(file(at), JSON.stringify(payload));
      this.expect(`${at} ${what}: accepted by the JSON service`, problems.length === 0, valid);
      this.expect(`${at} ${what}: accepted by ajv`, this.judges.get(pathOf(at))?.(payload), valid);
    }
  }

  async verdicts() {
    for (const { generation, type, valid, payload, why } of cases) {
      await this.agree(`${type}, ${why}`, generation, type, payload, valid);
    }
    for (const { generation, type, starter } of types) {
      await this.agree(`${type} by atlasint new`, generation, type, starter, true);
      const example = join(root, 'examples', 'payloads', generation, `${type.toLowerCase().replaceAll('_', '-')}.json`);
      await this.agree(`${type} by ${example}`, generation, type, parse(example), true);
    }
  }

  // References stand for any text but the type, and for nothing that is no text.
  async references() {
    for (const { generation, type, payload } of cases.filter((c) => c.why === 'every field')) {
      for (const reference of ['${env:NAME}', 'a${file:some/path}b', `\${file:${'long/'.repeat(40)}}`]) {
        const texts = Object.entries(payload).filter(([name, value]) => name !== 'type' && typeof value === 'string');
        const referring = { ...payload, ...Object.fromEntries(texts.map(([name]) => [name, reference])) };
        await this.agree(`${type} with ${reference}`, generation, type, referring, true);
      }
      for (const [name, value] of Object.entries(payload).filter(([, v]) => typeof v === 'boolean')) {
        await this.agree(`${type}, ${name} ${value} as a reference`, generation, type, { ...payload, [name]: '${env:NAME}' }, false);
      }
    }
  }

  // What the validator refuses by the schema is marked in the editor too.
  async failing() {
    let tried = 0;
    for (const [file_, generation] of failing) {
      const marked = await this.editor.problems(file(generation), readFileSync(join(root, file_), 'utf8'));
      this.holds(`${file_}: nothing marked`, marked.problems.length > 0);
      tried++;
    }
    this.holds('hardly any failing examples', tried > 3);
  }

  // The catalogue names every schema once, and its patterns pick the right one.
  async catalogue() {
    const { schemas } = this.files.get('catalog.json');
    const paths = schemas.map(({ url }) => url.split(`/${folder}`)[1]);
    this.expect('catalogue', [...paths].sort(), [...this.files.keys()].filter((path) => path !== 'catalog.json').sort());
    this.holds('catalogue: a link that leads elsewhere', schemas.every(({ url }) => url.startsWith('file:///')));
    const entries = schemas.map(({ fileMatch, url }) => ({ fileMatch, url: `./${folder}${url.split(`/${folder}`)[1]}` }));
    const editor = new Editor(this.files, { 'json.schemas': entries, 'yaml.schemas': {} }, folder, []);
    const fields = async (path, type) => (await editor.fields(path, `{ "type": "${type}", ¦ }`)).includes('id');
    for (const place of ['atlas-integrations', 'deep/down/atlas_integrations/a', 'atlas/integrations', 'x/integrations/atlas']) {
      this.expect(`catalogue: the webhook's template in ${place}`, (await editor.fields(`${place}/x.json`, '{ "type": "WEBHOOK", ¦ }')).includes('bodyTemplate'), true);
      const [top, below] = [place.replace(/\/a$/, ''), '/v1.0/x.json'];
      this.expect(`catalogue: FLOWDOCK in ${place}`, await fields(`${place}/x.json`, 'FLOWDOCK'), false);
      this.expect(`catalogue: FLOWDOCK in ${top}${below}`, await fields(top + below, 'FLOWDOCK'), true);
      this.expect(`catalogue: the webhook's template in ${top}${below}`, (await editor.fields(top + below, '{ "type": "WEBHOOK", ¦ }')).includes('bodyTemplate'), false);
    }
    this.expect('catalogue: elsewhere', await fields('package.json', 'DATADOG'), false);
  }
}

// The examples that fail by a rule which speaks for the schema, and their generation.
const failing = readdirSync(join(root, 'examples', 'failing'), { recursive: true })
  .map((path) => `examples/failing/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.json'))
  .filter((path) => {
    let report;
    try {
      report = execFileSync(binary, ['validate', '--format', 'json', path], { cwd: root, encoding: 'utf8' });
    } catch (refused) {
      report = refused.stdout;
    }
    return JSON.parse(report).findings.some(({ rule }) => schemaRules.includes(rule));
  })
  .map((path) => [path, path.includes('/v1.0/') ? 'v1.0' : 'v2']);

// Every schema below a value, itself included.
function* below(value) {
  if (value === null || typeof value !== 'object') return;
  yield value;
  for (const member of Object.values(value)) yield* below(member);
}

// Faults, and how to make them in the files.
function each(change) {
  return (files) => {
    for (const [path, schema] of files) if (path !== 'catalog.json') for (const s of below(schema)) change(s, schema);
  };
}
const plants = {
  'branches speak for every type': each((s) => { if (s.if) s.if = true; }),
  'a branch is missing': (files) => files.get('v2/integration.json').allOf.pop(),
  'the branch of another type speaks': (files) => { files.get('v2/integration.json').allOf[0].then.$ref = '#/definitions/SLACK'; },
  'branches speak for what is no object': each((s) => { if (s.if) delete s.if.type; }),
  'conditions are suggested': each((s) => delete s.doNotSuggest),
  'unknown fields are fine': each((s) => delete s.additionalProperties),
  'references are refused in lists': each((s) => { if (s.anyOf?.[0].enum) s.anyOf.pop(); }),
  'references are refused in keys': each((s) => { if (s.patternErrorMessage) s.pattern = s.pattern.split('|')[0]; }),
  'references are refused by length': each((s) => { if (s.anyOf?.[0].maxLength) s.anyOf.pop(); }),
  'keys of any form are fine': each((s) => delete s.pattern),
  'the pattern says nothing': each((s) => delete s.patternErrorMessage),
  'values come without a word': each((s) => delete s.enumDescriptions),
  'fields come without a word': each((s) => { if (typeof s.description === 'string') delete s.description; }),
  'defaults are gone': each((s) => { if (typeof s.default !== 'object') delete s.default; }),
  'nothing is retired': each((s) => { delete s.deprecated; delete s.deprecationMessage; }),
  'the retired are hidden': each((s) => { if (s.const && s.allOf) { Object.assign(s, s.allOf[0]); delete s.allOf; } }),
  'required fields are anywhere': each((s) => delete s.suggestSortText),
  'required fields are not': each((s) => { if (s.required?.includes('apiKey')) s.required = ['type']; }),
  'no snippets': each((s) => delete s.defaultSnippets),
  'snippets everywhere': each((s) => { if (s.anyOf?.[1]?.defaultSnippets) { s.defaultSnippets = s.anyOf[1].defaultSnippets; delete s.anyOf; } }),
  'secrets come without a reference': each((s) => delete s.examples),
  'one name for two schemas': (files) => { files.get('v2/SLACK.json').$id = files.get('v2/DATADOG.json').$id; },
  'the catalogue takes the older for the newer': (files) => {
    const [newest] = files.get('catalog.json').schemas;
    newest.fileMatch = newest.fileMatch.filter((m) => !m.startsWith('!'));
  },
  'the catalogue lacks a schema': (files) => files.get('catalog.json').schemas.pop(),
};

const files = write();
const check = new Check(files);
for (const complaint of await check.run()) console.error(complaint);
let failed = check.complaints.length > 0;
console.log(`editors: ${check.asked} answers, ${files.size - 1} schemas`);

for (const [fault, plant] of Object.entries(plants)) {
  const spoilt = structuredClone(files);
  plant(spoilt);
  const planted = new Check(spoilt);
  const complaints = await planted.run();
  if (same([...files], [...spoilt]) || complaints.length === 0) {
    console.error(`a planted fault goes unnoticed: ${fault}`);
    failed = true;
  } else if (process.env.VERBOSE) {
    console.log(`${fault}: ${complaints.length} complaints, such as ${complaints[0].slice(0, 200)}`);
  }
}
console.log(`editors: ${Object.keys(plants).length} planted faults`);
process.exitCode = failed ? 1 : 0;
