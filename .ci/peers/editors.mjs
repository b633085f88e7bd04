// Checks the schemas for editors with the JSON service of VS Code and yaml-language-server, set up by the settings of
// docs/editors.md: suggestions, hovers and problems of every type and API version, by editors.json, cases.json and the
// output of other commands. Then it plants faults in the schemas and expects to find each. Exits with 1 if a check fails.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { atlasint, cases, finish, here, parse, parsed, root, types, written } from './common.mjs';
import { Editor } from './editor.mjs';

const table = parse(here, 'editors.json');
const page = readFileSync(join(root, 'docs', 'editors.md'), 'utf8');
const blocks = (language) => [...page.matchAll(new RegExp('^```' + language + '\\n([^]*?)^```$', 'gm'))].map((m) => m[1].trim());
const settings = Object.assign({}, ...blocks('json').map((block) => JSON.parse(block)));

for (const t of types) {
  const { type: itself, ...properties } = t.schema.properties;
  Object.assign(t, { itself, properties, fields: Object.keys(properties), required: t.schema.required.filter((name) => name !== 'type') });
  t.starter = JSON.parse(atlasint('new', t.type, '--api', t.apiVersion));
}

// The first command of the page writes the schemas into folder.
const command = blocks('sh')[0].split(' ').slice(1);
const folder = `${command.at(-1)}/`;

// expanded returns what a snippet inserts, without its tab stops.
function expanded(snippet = '') {
  return snippet.replace(/\$\{\d+:((?:\\.|[^}\\])*)\}|\$\d+/g, '$1').replace(/\\([\\$}])/g, '$1');
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const sorted = (list) => [...list].sort();

// file returns the path of a document that has the schema "v2", or "v2/DATADOG".
function file(at, ending = 'json') {
  if (at.includes('/')) return `one/${at}/x.${ending}`;
  return at === 'v2' ? `integrations/atlas/x.${ending}` : `integrations/atlas-${at}/x.${ending}`;
}

class Check {
  failures = [];
  count = 0;

  constructor(files) {
    this.files = files;
    const each = (ending) => types.map(({ apiVersion, type }) => (
      { url: `./${folder}${apiVersion}/${type}.json`, fileMatch: [`/one/${apiVersion}/${type}/**/*.${ending}`] }));
    this.editor = new Editor(files, {
      json: [...settings['json.schemas'], ...each('json')],
      yaml: [...Object.entries(settings['yaml.schemas']).map(([url, fileMatch]) => ({ url, fileMatch })), ...each('yaml')],
    }, folder);
  }

  expect(what, got, want) {
    this.count++;
    if (!same(got, want)) this.failures.push(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
  }

  async run() {
    this.expect('schemas', this.files.size, types.length + 4); // for all types of a version, for configurations, and the catalog
    await this.table();
    for (const t of types) {
      for (const at of [t.apiVersion, `${t.apiVersion}/${t.type}`]) {
        await this.type(t, at);
        for (const ending of ['json', 'yaml']) await this.fields(t, file(at, ending));
        for (const name of t.fields) await this.values(t, file(at), name);
        await this.starter(t, at);
        await this.foreign(t, at);
      }
    }
    for (const c of cases) await this.agree(c);
    await this.catalog();
    return this.failures;
  }

  async table() {
    const where = ({ at, yaml }) => file(at, yaml ? 'yaml' : 'json');
    for (const c of table.suggestions) this.expect(`${c.at} ${c.text}: suggestions`, await this.editor.labels(where(c), c.text), c.labels);
    for (const c of table.problems) this.expect(`${c.at} ${c.text}: problems`, (await this.editor.problems(where(c), c.text)).problems, c.problems);
    for (const c of table.hovers) {
      const got = await this.editor.hover(where(c), c.text);
      for (const part of c.contains) this.expect(`${c.at} ${c.text}: ${part} in the hover ${got}`, got.includes(part), true);
    }
  }

  // type checks the suggestions for the field type, and of an object without it.
  async type({ apiVersion, type, fields }, at) {
    const all = at === apiVersion;
    const offered = await this.editor.suggestions(file(at), '{ "type": "¦" }');
    const names = all ? types.filter((t) => t.apiVersion === apiVersion).map((t) => t.type) : [type];
    this.expect(`${at}: types`, offered.map((i) => i.label), names.map((name) => `"${name}"`).sort());
    this.expect(`${at}: each type has documentation`, offered.every((i) => i.documentation), true);
    const first = await this.editor.suggestions(file(at), '{ ¦ }');
    this.expect(`${at}: at first`, sorted(first.map((i) => i.label)), all ? ['type'] : sorted([...fields, 'type']));
    this.expect(`${at}: type`, first[0].insertText, all ? '"type": $1' : `"type": "\${1:${type}}"`);
  }

  // fields checks the fields, hovers and missing fields of a type in one language.
  async fields({ type, itself, properties, fields, required }, where) {
    const yaml = where.endsWith('.yaml');
    const text = (rest) => (yaml ? `type: ${type}\n${rest}` : `{ "type": "${type}"${rest && `, ${rest}`} }`);
    const got = await this.editor.fields(where, text('¦'));
    this.expect(`${where} ${type}: fields`, sorted(got), sorted(fields));
    if (!yaml) this.expect(`${where} ${type}: required fields first`, sorted(got.slice(0, required.length)), sorted(required));
    const others = types.map((t) => t.type).filter((name) => name !== type);
    this.expect(`${where} ${type}: other types`, (await this.editor.labels(where, text('¦'))).filter((label) => others.includes(label)), []);
    const places = fields.map((name) => [properties[name], text(yaml ? `¦${name}: x` : `"¦${name}": "x"`)]);
    if (!yaml) places.push([itself, `{ "¦type": "${type}" }`]);
    for (const [{ title, description }, place] of places) {
      const hover = await this.editor.hover(where, place);
      this.expect(`${where} ${place}: the hover ${hover}`, hover.includes(title) && (yaml || hover.includes(description)), true);
    }
    const { problems, retired } = await this.editor.problems(where, text(''));
    this.expect(`${where} ${type}: missing fields`, problems.sort(), required.map((name) => `1:1 Missing property "${name}".`).sort());
    this.expect(`${where} ${type}: marked as retired`, retired.length, table.retired.includes(type) ? 1 : 0);
  }

  async values({ type, properties }, where, name) {
    const schema = properties[name];
    const what = `${where} ${type} ${name}`;
    const offered = await this.editor.suggestions(where, `{ "type": "${type}", "${name}": ¦ }`);
    const want = schema.enum?.map((v) => JSON.stringify(v)) ?? (schema.type === 'boolean' ? ['false', 'true'] : undefined);
    if (want) this.expect(`${what}: values`, sorted(offered.map((i) => i.label)), sorted(want));
    if (schema.enum) this.expect(`${what}: each value has documentation`, offered.every((i) => i.documentation), true);
    if ('default' in schema) {
      const marked = offered.filter((i) => i.labelDetails?.description === 'Default value').map((i) => i.label);
      this.expect(`${what}: default`, marked, [JSON.stringify(schema.default)]);
    }
  }

  // starter: an empty document offers the valid payload that atlasint new prints, and a secret its reference.
  async starter({ type, properties, starter }, at) {
    const snippet = (await this.editor.suggestions(file(at), '¦')).find((i) => i.label === type);
    const text = expanded(snippet?.insertText) || '{}';
    this.expect(`${at} ${type}: in an empty document`, JSON.parse(text), starter);
    this.expect(`${at} ${type}: problems of ${text}`, (await this.editor.problems(file(at), text)).problems, []);
    for (const [name, value] of Object.entries(starter)) {
      if (!String(value).startsWith('${env:') || properties[name].enum) continue;
      const [offered] = await this.editor.suggestions(file(at), `{ "type": "${type}", "${name}": ¦ }`);
      this.expect(`${at} ${type} ${name}: offered`, expanded(offered?.insertText), JSON.stringify(value));
    }
  }

  // foreign: a field of another type is one problem, and the same one in both schemas.
  async foreign({ apiVersion, type, fields, starter }, at) {
    const others = new Set(types.filter((t) => t.apiVersion === apiVersion).flatMap((t) => t.fields));
    for (const name of [...others].filter((other) => !fields.includes(other))) {
      const text = JSON.stringify({ ...starter, [name]: true });
      const { problems } = await this.editor.problems(file(at), text);
      this.expect(`${at} ${type} with ${name}`, problems, [`1:${text.indexOf(`"${name}":`) + 1} Property ${name} is not allowed.`]);
    }
  }

  // agree: both schemas give the verdict of the case. Go tests compare them with another validator. A type's own schema
  // requires that type.
  async agree({ apiVersion, type, why, payload, valid }) {
    const places = [`${apiVersion}/${type}`];
    if (payload?.type === type || payload?.type === undefined) places.push(apiVersion);
    for (const at of places) {
      const { problems } = await this.editor.problems(file(at), JSON.stringify(payload));
      this.expect(`${at} ${type}, ${why}: accepted`, problems.length === 0, valid);
    }
  }

  // catalog: it lists each schema once, and its patterns find the right one. A Go test compares their folders.
  async catalog() {
    const { schemas } = this.files.get('catalog.json');
    const paths = schemas.map(({ url }) => url.split(`/${folder}`)[1]);
    this.expect('catalog', sorted(paths), sorted([...this.files.keys()].filter((path) => path !== 'catalog.json')));
    this.expect('catalog: links to files', schemas.every(({ url }) => url.startsWith('file:///')), true);
    const all = schemas.flatMap(({ fileMatch }, i) => (fileMatch ? [{ fileMatch, url: `./${folder}${paths[i]}` }] : []));
    const editor = new Editor(this.files, { json: all, yaml: all }, folder);
    for (const [path, text, marked] of table.catalog) {
      this.expect(`catalog: problems of ${text} in ${path}`, (await editor.problems(path, text)).problems.length > 0, marked);
    }
  }
}

// Every schema below a value, itself included.
function* below(value) {
  if (value === null || typeof value !== 'object') return;
  yield value;
  for (const member of Object.values(value)) yield* below(member);
}

// Faults, and how to make them in the files.
function each(change) {
  return (files) => {
    for (const [path, schema] of files) if (path.includes('/')) for (const s of below(schema)) change(s, schema);
  };
}
const plants = {
  'branches apply to every type': each((s) => { if (s.if) s.if = true; }),
  'a branch is missing': (files) => files.get('v2/integration.json').allOf.pop(),
  'the branch of another type applies': (files) => { files.get('v2/integration.json').allOf[0].then.$ref = '#/definitions/SLACK'; },
  'branches apply to values other than objects': each((s) => { if (s.if) delete s.if.type; }),
  'conditions are suggested': each((s) => delete s.doNotSuggest),
  'unknown fields are fine': each((s) => delete s.additionalProperties),
  'references are refused in keys': each((s) => { if (s.patternErrorMessage) s.pattern = s.pattern.split('|')[0]; }),
  'keys of any form are fine': each((s) => delete s.pattern),
  'patterns have no message': each((s) => delete s.patternErrorMessage),
  'values have no documentation': each((s) => delete s.enumDescriptions),
  'fields have no documentation': each((s) => { if (typeof s.description === 'string') delete s.description; }),
  'defaults are gone': each((s) => { if (typeof s.default !== 'object') delete s.default; }),
  'nothing is retired': each((s) => { delete s.deprecated; delete s.deprecationMessage; }),
  'the retired are hidden': each((s) => { if (s.const && s.allOf) { Object.assign(s, s.allOf[0]); delete s.allOf; } }),
  'required fields are anywhere': each((s) => delete s.suggestSortText),
  'required fields are not': each((s) => { if (s.required?.includes('apiKey')) s.required = ['type']; }),
  'no snippets': each((s) => delete s.defaultSnippets),
  'snippets everywhere': each((s) => { if (s.anyOf?.[1]?.defaultSnippets) { s.defaultSnippets = s.anyOf[1].defaultSnippets; delete s.anyOf; } }),
  'secrets come without a reference': each((s) => delete s.examples),
  'the catalog takes the older for the newer': (files) => {
    const [newest] = files.get('catalog.json').schemas;
    newest.fileMatch = newest.fileMatch.map((m) => m.replace('/**/', '-v1.0/**/'));
  },
  'the catalog has no YAML': (files) => {
    for (const s of files.get('catalog.json').schemas) s.fileMatch = s.fileMatch?.filter((m) => !m.endsWith('yaml'));
  },
  'the catalog lacks a schema': (files) => files.get('catalog.json').schemas.pop(),
};

const files = parsed(await written(folder, command));
const check = new Check(files);
const failures = await check.run();
console.log(`editors: ${check.count} responses, ${files.size - 1} schemas, ${Object.keys(plants).length} planted faults`);
await finish(failures, files, plants, (changed) => new Check(changed).run());
