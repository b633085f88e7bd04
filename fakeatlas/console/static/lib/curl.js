// curl commands. Credentials and hidden values are variables of the shell.

// quote returns a text as one word of a shell.
export const quote = (text) => `'${String(text).replaceAll("'", `'\\''`)}'`;

// doubleQuote returns a text as one word in which {{NAME}} is a variable.
function doubleQuote(text, variables) {
  let word = text.replace(/[\\"$`]/g, '\\$&');
  for (const name of variables) word = word.replace(`{{${name}}}`, `$${name}`);
  return `"${word}"`;
}

const upperSnake = (text) => text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
const isHidden = (value) => typeof value === 'string' && (value.includes('(hidden)') || /^\*+/.test(value) || /\/\*{4}/.test(value));

// withVariables replaces hidden values in a body by names of variables. Hidden names are left out.
function withVariables(value, name, type, variables) {
  if (isHidden(value)) {
    const variable = [type, name].filter(Boolean).map(upperSnake).join('_') || 'VALUE';
    variables.add(variable);
    return `{{${variable}}}`;
  }
  if (Array.isArray(value)) return value.map((item) => withVariables(item, name, type, variables));
  if (value === null || typeof value !== 'object') return value;
  const known = Object.entries(value).filter(([key]) => !key.includes('(hidden)'));
  return Object.fromEntries(known.map(([key, item]) => [key, withVariables(item, key, type, variables)]));
}

const hasHiddenNames = (value) => value !== null && typeof value === 'object'
  && Object.entries(value).some(([key, item]) => key.includes('(hidden)') || hasHiddenNames(item));

function credentialsOf(entry) {
  if (entry.operation === 'token' || entry.operation === 'revoke') return '--user "$MONGODB_ATLAS_CLIENT_ID:$MONGODB_ATLAS_CLIENT_SECRET"';
  const isConsole = entry.header?.['User-Agent'] === 'atlasint-console';
  if (entry.user?.startsWith('mdb_sa_id_') && !isConsole) return '--header "Authorization: Bearer $MONGODB_ATLAS_ACCESS_TOKEN"';
  return '--digest --user "$MONGODB_ATLAS_PUBLIC_API_KEY:$MONGODB_ATLAS_PRIVATE_API_KEY"';
}

function urlOf(entry, baseURL) {
  let n = 0;
  const variables = [];
  const text = (baseURL + entry.path + (entry.query ? `?${entry.query}` : '')).replaceAll('(hidden)', () => {
    variables.push(`HIDDEN_${++n}`);
    return `{{HIDDEN_${n}}}`;
  });
  return variables.length > 0 ? doubleQuote(text, variables) : quote(text);
}

// heredoc returns a body as the standard input of a command, with its variables expanded.
function heredoc(text, variables) {
  let body = text.replace(/[\\$`]/g, '\\$&');
  for (const name of variables) body = body.replaceAll(`{{${name}}}`, `$${name}`);
  return `--data @- <<EOF\n${body}\nEOF`;
}

function bodyPart(entry) {
  if (entry.operation === 'token') return ['--data grant_type=client_credentials'];
  if (entry.body === undefined) return [];
  const variables = new Set();
  const body = withVariables(entry.body, '', entry.type, variables);
  return [heredoc(JSON.stringify(body, null, 2), variables)];
}

// curlOf returns the command that repeats a request of the journal.
export function curlOf(entry, baseURL) {
  const headers = ['Accept', 'Content-Type'].filter((name) => entry.header?.[name])
    .map((name) => `--header ${quote(`${name}: ${entry.header[name].replace('(hidden)', 'application/json')}`)}`);
  const parts = [`curl ${credentialsOf(entry)}`, `--request ${quote(entry.method)}`, ...headers, urlOf(entry, baseURL), ...bodyPart(entry)];
  const notes = [];
  if (hasHiddenNames(entry.body)) notes.push('# The journal hides the unknown members of the body: add them.');
  if (entry.body === undefined && entry.bodySize > 0 && entry.operation !== 'token') notes.push('# The journal does not have the body of this request: add it.');
  return [...notes, parts.join(' \\\n  ')].join('\n');
}
