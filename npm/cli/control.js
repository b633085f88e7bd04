// controller returns the members of a server that call its control API. Token may be undefined.
export function controller(url, token) {
  const control = async (method, path, body) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const json = body === undefined ? {} : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const at = `/_atlasint/${String(path).replace(/^\//, '')}`;
    const what = `${method} ${at.replace(/\?.*/s, '')}`;
    let response, text;
    try {
      response = await fetch(url + at, { method, headers, ...json });
      text = await response.text();
    } catch (error) {
      const cause = error.cause?.message ?? error.message;
      const blocked = 'fetch of Node.js blocks this port\nhint: choose another port in --addr';
      throw new Error(`${what}: ${cause === 'bad port' ? blocked : cause}`, { cause: error });
    }
    const isJSON = /^application\/json/.test(response.headers.get('content-type'));
    if (response.ok) return isJSON ? JSON.parse(text) : text || undefined;
    const { error, hint, code } = isJSON ? JSON.parse(text) : { error: text };
    const message = `${what}: status ${response.status}: ${error}${hint ? `\nhint: ${hint}` : ''}`;
    throw Object.assign(new Error(message), { status: response.status, ...(code && { code }) });
  };

  let seeded = Promise.resolve(); // calls of seed replace the whole state, so one waits for the other
  const store = async (project, payloads) => {
    const state = await control('GET', 'state');
    const contents = (state.projects[project] ??= {});
    contents.integrations = [...(contents.integrations ?? []), ...payloads.map(({ type, id, ...fields }) => ({ type, id, fields }))];
    await control('PUT', 'state', state);
  };

  return {
    control,
    reset: async () => void (await control('POST', 'reset')),
    requests: async (filter) => (await control('GET', `requests${query(filter)}`)).requests,
    seed: async (project, ...payloads) => {
      if (!/^[0-9a-f]{24}$/.test(project)) throw new TypeError('seed: the project must be an ID of 24 hexadecimal digits in lower case');
      const wrong = payloads.findIndex((payload) => typeof payload?.type !== 'string');
      if (wrong >= 0) throw new TypeError(`seed: payload ${wrong + 1} must be an object with a type, such as { type: 'DATADOG' }`);
      seeded = seeded.catch(() => {}).then(() => store(project, payloads));
      try {
        await seeded;
      } catch (error) {
        throw Object.assign(new Error(`seed: ${error.message}`, { cause: error }), { status: error.status });
      }
    },
    addFault: (fault) => control('POST', 'faults', fault),
    faults: async () => (await control('GET', 'faults')).faults,
    removeFaults: async (id) => void (await control('DELETE', id === undefined ? 'faults' : `faults/${encodeURIComponent(id)}`)),
  };
}

// query returns the query of a filter. A list is a repeated parameter.
function query(filter) {
  const pairs = Object.entries(filter ?? {}).flatMap(([name, value]) => (
    [value].flat().filter((one) => one !== undefined).map((one) => [name, String(one)])));
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}
