// Flags of `atlasint serve` that start() can't pass on, with the reason and what to do instead.
const variables = 'other users of the machine can see flags; set this variable in env instead: ';
const help = 'the server would not start; run npx atlasint serve --help';
const https = 'start() serves http; for https, run npx atlasint serve yourself';
const rejected = {
  'public-key': `${variables}MONGODB_ATLAS_PUBLIC_API_KEY`,
  'private-key': `${variables}MONGODB_ATLAS_PRIVATE_API_KEY`,
  'client-id': `${variables}MONGODB_ATLAS_CLIENT_ID`,
  'client-secret': `${variables}MONGODB_ATLAS_CLIENT_SECRET`,
  'control-token': `${variables}ATLASINT_CONTROL_TOKEN`,
  'no-control': 'start() uses the control API; leave it out',
  'exit-with-stdin': 'start() sets it; leave it out',
  quiet: 'start() reads the output and prints nothing; leave it out',
  q: 'start() reads the output and prints nothing; leave it out',
  'tls-cert': https,
  'tls-key': https,
  help,
  h: help,
  version: help,
};

// checked returns the options of start() with their defaults. It throws a TypeError that names a wrong one, without its
// value, which may be a secret.
export function checked(options = {}) {
  if (!isPlain(options)) throw new TypeError('start: the options must be an object, such as { args: [] }');
  const { args = [], env = {}, timeout = 10_000, ...unknown } = options;
  for (const name of Object.keys(unknown)) {
    const hint = name === 'port' ? "; for a fixed port, use args: ['--addr', '127.0.0.1:8080']" : '';
    throw new TypeError(`start: unknown option ${JSON.stringify(name)}: the options are args, env and timeout${hint}`);
  }
  if (!Array.isArray(args)) throw new TypeError("start: args must be an array of strings, such as ['--seed-dir', 'seeds']");
  args.forEach(checkArgument);
  if (!isPlain(env)) throw new TypeError('start: env must be an object of strings');
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !isText(value)) throw new TypeError(`start: env.${name} must be a string without null characters`);
  }
  if (typeof timeout !== 'number' || !(timeout >= 1 && timeout < 2 ** 31)) {
    throw new TypeError('start: timeout must be a number of milliseconds from 1 to 2147483647');
  }
  return { args, env, timeout };
}

// checkArgument looks at values of flags, too: none of them looks like a flag.
function checkArgument(arg, index) {
  if (!isText(arg)) throw new TypeError(`start: args[${index}] must be a string without null characters`);
  const [, long, short] = /^(?:--([^=]+)|-([a-z]+))/.exec(arg) ?? [];
  const name = long ?? [...(short ?? '')].find((letter) => letter in rejected);
  if (name !== undefined && Object.hasOwn(rejected, name)) {
    throw new TypeError(`start: args[${index}] is ${name.length > 1 ? '--' : '-'}${name}: ${rejected[name]}`);
  }
}

const isText = (value) => typeof value === 'string' && !value.includes('\0');
const isPlain = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
