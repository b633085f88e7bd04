import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { getLanguageService, ErrorCode, TextDocument } = require('vscode-json-languageservice');
const { getLanguageService: getYamlService } = require('yaml-language-server');

const workspace = 'file:///workspace/';

// An editor with schemas in a folder of its workspace, by path, and the settings of each language for them.
export class Editor {
  #documents = 0;

  constructor(files, settings, folder) {
    const common = {
      schemaRequestService: async (uri) => {
        const path = uri.slice((workspace + folder).length);
        if (!files.has(path)) throw new Error(`${uri} does not exist`);
        return JSON.stringify(files.get(path));
      },
      workspaceContext: { resolveRelativePath: (path, base) => new URL(path, base).toString() },
      clientCapabilities: { textDocument: { completion: { completionItem: { documentationFormat: ['markdown'], labelDetailsSupport: true } } } },
    };
    const schemas = (list) => list.map(({ url, fileMatch }) => ({ uri: url.replace('./', workspace), fileMatch }));
    const json = getLanguageService(common);
    json.configure({ validate: true, schemas: schemas(settings.json) });
    const yaml = getYamlService(common);
    yaml.configure({ validate: true, hover: true, completion: true, hoverSchemaSource: false, customTags: [], schemas: schemas(settings.yaml) });
    this.services = {
      json: {
        complete: (d, at) => json.doComplete(d, at, json.parseJSONDocument(d)),
        hover: (d, at) => json.doHover(d, at, json.parseJSONDocument(d)),
        validate: (d) => json.doValidation(d, json.parseJSONDocument(d)),
      },
      yaml: { complete: (d, at) => yaml.doComplete(d, at, false), hover: (d, at) => yaml.doHover(d, at), validate: (d) => yaml.doValidation(d, false) },
    };
  }

  // ask calls a service at the mark ¦. Each document has another name, because services cache documents by name.
  #ask(method, file, text) {
    const language = file.endsWith('.yaml') ? 'yaml' : 'json';
    const uri = workspace + file.replace(/[^/]*$/, `${++this.#documents}/$&`);
    const document = TextDocument.create(uri, language, 1, text.replace('¦', ''));
    return this.services[language][method](document, document.positionAt(Math.max(text.indexOf('¦'), 0)));
  }

  // suggestions returns those at the mark, in the order in which an editor shows them.
  async suggestions(file, text) {
    const { items } = await this.#ask('complete', file, text);
    const order = (item) => item.sortText ?? item.label;
    return items.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  }

  async labels(file, text) {
    return (await this.suggestions(file, text)).map((i) => i.label);
  }

  // fields returns the suggested fields. 10 is the kind that both services give a field.
  async fields(file, text) {
    return (await this.suggestions(file, text)).filter((i) => i.kind === 10).map((i) => i.label);
  }

  // hover returns the text without the escapes of markdown.
  async hover(file, text) {
    const contents = (await this.#ask('hover', file, text))?.contents ?? '';
    return (contents.value ?? [contents].flat().join('\n')).replace(/\\([\\`*_{}[\]()<>#+\-.!])/g, '$1');
  }

  // problems returns LINE:COLUMN MESSAGE of each, and separately those of retired types, which Atlas still accepts.
  async problems(file, text) {
    const found = await this.#ask('validate', file, text);
    const isRetired = (d) => d.code === ErrorCode.Deprecated || /\bretired\b/.test(d.message);
    const message = (d) => `${d.range.start.line + 1}:${d.range.start.character + 1} ${d.message}`;
    return { problems: found.filter((d) => !isRetired(d)).map(message), retired: found.filter(isRetired).map(message) };
  }
}
