// An editor: the JSON service of VS Code and yaml-language-server, set up by the settings that
// docs/editors.md shows, on schemas that lie in its workspace.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { getLanguageService, ErrorCode, TextDocument } = require('vscode-json-languageservice');
const { getLanguageService: getYamlService } = require('yaml-language-server');

const workspace = 'file:///workspace/';
const capabilities = {
  textDocument: { completion: { completionItem: { documentationFormat: ['markdown'], labelDetailsSupport: true } } },
};

// What both services call a suggestion for a field; yaml-language-server has others beside them.
const property = 10;

export class Editor {
  #json;
  #yaml;
  #documents = 0;

  // files are the schemas by path; settings those of both services; more are further associations.
  constructor(files, settings, folder, more) {
    const fetch = async (uri) => {
      const path = uri.slice((workspace + folder).length);
      if (!files.has(path)) throw new Error(`${uri} is not there`);
      return JSON.stringify(files.get(path));
    };
    const full = (url) => (url.startsWith('./') ? workspace + url.slice(2) : url);
    this.#json = getLanguageService({ schemaRequestService: fetch, clientCapabilities: capabilities });
    this.#json.configure({
      validate: true,
      schemas: [...settings['json.schemas'], ...more].map(({ url, fileMatch }) => ({ uri: full(url), fileMatch })),
    });
    const resolveRelativePath = (path, base) => new URL(path, base).toString();
    this.#yaml = getYamlService({
      schemaRequestService: fetch, workspaceContext: { resolveRelativePath }, clientCapabilities: capabilities,
    });
    this.#yaml.configure({
      validate: true, hover: true, completion: true, hoverSchemaSource: false, customTags: [],
      schemas: [
        ...Object.entries(settings['yaml.schemas']).map(([url, fileMatch]) => ({ uri: full(url), fileMatch })),
        ...more.map(({ url, fileMatch }) => ({ uri: full(url), fileMatch: fileMatch.map((m) => m.replace('.json', '.yaml')) })),
      ],
    });
  }

  // A document of its own for every question: a service may remember the last one by its name.
  #open(file, text) {
    const at = text.indexOf('¦');
    const language = file.endsWith('.yaml') ? 'yaml' : 'json';
    const uri = workspace + file.replace(/[^/]*$/, `${++this.#documents}/$&`);
    const document = TextDocument.create(uri, language, 1, text.replace('¦', ''));
    return { document, language, at: document.positionAt(Math.max(at, 0)) };
  }

  // Suggestions at the mark ¦, in the order in which an editor shows them.
  async suggestions(file, text) {
    const { document, language, at } = this.#open(file, text);
    const list = language === 'yaml'
      ? await this.#yaml.doComplete(document, at, false)
      : await this.#json.doComplete(document, at, this.#json.parseJSONDocument(document));
    const order = (item) => item.sortText ?? item.label;
    return list.items.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
  }

  // The fields that are suggested, and nothing else that is.
  async fields(file, text) {
    return (await this.suggestions(file, text)).filter((i) => i.kind === property).map((i) => i.label);
  }

  // The words shown over the mark, without the signs that keep markdown from reading them as its own.
  async hover(file, text) {
    const { document, language, at } = this.#open(file, text);
    const hover = language === 'yaml'
      ? await this.#yaml.doHover(document, at)
      : await this.#json.doHover(document, at, this.#json.parseJSONDocument(document));
    const contents = hover?.contents ?? '';
    return (contents.value ?? [contents].flat().join('\n')).replace(/\\([\\`*_{}[\]()<>#+\-.!])/g, '$1');
  }

  // What is marked, as LINE:COLUMN MESSAGE; retirements apart, since they mark what Atlas still takes.
  async problems(file, text) {
    const { document, language } = this.#open(file, text);
    const found = language === 'yaml'
      ? await this.#yaml.doValidation(document, false)
      : await this.#json.doValidation(document, this.#json.parseJSONDocument(document));
    const retired = (d) => d.code === ErrorCode.Deprecated || /\bretired\b/.test(d.message);
    const say = (d) => `${d.range.start.line + 1}:${d.range.start.character + 1} ${d.message}`;
    return { problems: found.filter((d) => !retired(d)).map(say), retired: found.filter(retired).map(say) };
  }
}

// What a snippet leaves in the document once its tab stops are passed.
export function expanded(snippet) {
  return snippet.replace(/\$\{\d+:((?:\\.|[^}\\])*)\}|\$\d+/g, '$1').replace(/\\([\\$}])/g, '$1');
}
