/** Options of {@link start}. */
export interface Options {
  /** More flags of `atlasint serve`, such as `['--seed-dir', 'seeds']`. */
  args?: string[];
  /** Environment variables of the server, in addition to those of this process. */
  env?: Record<string, string>;
  /** How long to wait for the server in milliseconds. The default is 10000. */
  timeout?: number;
}

/** What clients of the server authenticate with. */
export interface Credentials {
  /** User name and password of the HTTP digest. */
  publicKey: string;
  privateKey: string;
  /** A service account, for OAuth 2.0 client credentials. */
  clientId: string;
  clientSecret: string;
}

/** A request that the server has received. Its secrets are hidden. Other fields are those of the control API. */
export interface Request {
  method: string;
  path: string;
  status: number;
  [field: string]: unknown;
}

/** A running fake server. */
export interface Server {
  /** The base URL, such as http://127.0.0.1:41375. */
  url: string;
  credentials: Credentials;
  /** Deletes all state, faults and recorded requests. */
  reset(): Promise<void>;
  /** Returns the requests since the start or the last reset, oldest first. */
  requests(): Promise<Request[]>;
  /** Stops the server. It completes open requests, for at most 5 seconds. A second call does nothing. */
  stop(): Promise<void>;
  /** Calls stop, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a fake Atlas server on a free port of 127.0.0.1, and returns when it responds. The server stops when this
 * process ends, even if it is killed. It rejects if the server can't start, with its messages.
 */
export function start(options?: Options): Promise<Server>;
