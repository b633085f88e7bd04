/// <reference lib="esnext.disposable" />

/** Options of {@link start}. */
export interface Options {
  /**
   * More flags of `atlasint serve`, such as `['--seed-dir', 'seeds']`. start rejects those for credentials, which belong
   * into `env`, for https, for less output, and `--no-control`.
   */
  args?: string[];
  /**
   * Environment variables of the server, in addition to those of this process. Those for credentials, such as
   * `MONGODB_ATLAS_PUBLIC_API_KEY` and `ATLASINT_CONTROL_TOKEN`, and `ATLASINT_STORE` are taken from here only.
   */
  env?: Record<string, string | undefined>;
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

/** A request that the server has received. Its secrets are masked, and unknown parts read `(hidden)`. */
export interface Request {
  /** The sequence number, from 1. */
  seq: number;
  /** When it came, by the clock of the server, as in RFC 3339. */
  time: string;
  method: string;
  path: string;
  query?: string;
  /** Such as `create` or `list` for integrations, `token`, or `other`. */
  operation: string;
  project?: string;
  /** The integration type. */
  type?: string;
  /** The API version. */
  apiVersion?: 'v2' | 'v1.0';
  /** 0 if the connection was closed without a response. */
  status: number;
  errorCode?: string;
  /** Such as `1.5ms`. */
  duration: string;
  /** The public key or client ID. */
  user?: string;
  /** The ID of the fault that made the request fail. */
  fault?: string;
  /** What the fault did, such as `status 503` or `delay 2s, truncate`. */
  faultEffect?: string;
  /** The ID of the stub that responded. */
  stub?: string;
  /** True if the server of `--fallback` responded. */
  fallback?: boolean;
  /** True for the 401 that the first request of a digest client gets. */
  challenge?: boolean;
  header?: { Accept?: string; 'Content-Type'?: string; 'User-Agent'?: string };
  body?: Record<string, unknown>;
  /** In bytes. */
  bodySize: number;
  response?: unknown;
}

/** Selects requests. A request must match all members; of a list, it must match one value. */
export interface RequestFilter {
  method?: string;
  /** A path without query. `*` matches any text, including slashes. */
  path?: string;
  project?: string | string[];
  /** An integration type, such as `DATADOG`. */
  type?: string | string[];
  /** A status, a class such as `4xx`, or 0 for a closed connection. */
  status?: number | string | (number | string)[];
  /** `false` leaves out the 401 responses to requests without credentials; `true` returns only those. */
  challenge?: boolean;
  /** Only requests with a higher sequence number. */
  since?: number;
  /** Only the newest requests, at most this many. Not with `wait`. */
  limit?: number;
  /** Waits at most this long, such as `30s`, for `min` requests, and rejects if fewer came. At most `4m`. */
  wait?: string;
  /** With `wait`, the number of requests, which is also that of the result. The default is 1. */
  min?: number;
}

/**
 * Makes requests fail: one of `status`, `errorCode`, `delay`, `drop` and `truncate` is required. The members before
 * `status` select the requests, as in a {@link RequestFilter}; without them, every request of
 * both API versions, such as those to integrations, alert configurations and stubs.
 */
export interface Fault {
  method?: string;
  /** A path without query. `*` matches any text, including slashes. Requests for tokens fail only if it matches theirs. */
  path?: string;
  project?: string;
  type?: string;
  /** Headers of the request and their whole values. */
  header?: Record<string, string>;
  /** From 400 to 599. */
  status?: number;
  /** A code of Atlas needs no status. */
  errorCode?: string;
  /** Replaces the body of the error: a string is sent unchanged, any other value as JSON. */
  body?: unknown;
  /** Headers to add to the error. */
  responseHeader?: Record<string, string>;
  /** The header Retry-After, such as `2s`. */
  retryAfter?: string;
  /** The time before the response, such as `300ms`. */
  delay?: string;
  /** Closes the connection before the change is applied, without a response. */
  drop?: boolean;
  /** Closes the connection after the change is applied, in the middle of the response's body. */
  truncate?: boolean;
  /** The number of requests that fail. 0, the default, is no limit. */
  times?: number;
  /** Of a matching request to fail: greater than 0, and 1 at most. Without it, every matching request fails. */
  probability?: number;
  /** The same seed selects the same requests by `probability`. */
  seed?: number;
}

/** A fault of the server. */
export interface ActiveFault extends Fault {
  id: string;
  /** The number of requests that it made fail. */
  applied?: number;
}

/** A request body for an integration of either API version, such as `{ type: 'DATADOG', apiKey: '…' }`. */
export interface Payload {
  type: string;
  [field: string]: unknown;
}

/**
 * A running fake server. Calls reject if the server rejects a value, with its message and the member `status`, and for
 * some causes the member `code`: `token-required`, `forbidden` or `store-failed`.
 */
export interface Server {
  /** The base URL, such as http://127.0.0.1:41375. */
  readonly url: string;
  /** The credentials that the server accepts. With `--credentials`, the server accepts those of the file, and reading this throws. */
  readonly credentials: Credentials;
  /** Deletes all state, faults, stubs and recorded requests. */
  reset(): Promise<void>;
  /** Returns the matching requests since the start or the last reset, oldest first. */
  requests(filter?: RequestFilter): Promise<Request[]>;
  /**
   * Creates integrations of a project without requests. It rejects and stores nothing if a payload is invalid, or if the
   * project has an integration of its type.
   */
  seed(project: string, ...payloads: Payload[]): Promise<void>;
  /** Makes the next matching requests fail. */
  addFault(fault: Fault): Promise<ActiveFault>;
  /** Returns the active faults. A fault is removed after its last request. */
  faults(): Promise<ActiveFault[]>;
  /** Removes the fault with this ID, or all. */
  removeFaults(id?: string): Promise<void>;
  /**
   * Calls an endpoint of the control API that returns at once, such as `control('PUT', 'clock', { advance: '61m' })`, and
   * returns its JSON or text.
   */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Stops the server. It completes open requests, for at most 5 seconds. A second call does nothing. */
  stop(): Promise<void>;
  /** Calls stop, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a fake Atlas server on a free port of 127.0.0.1, and returns when it responds. The server stops when this
 * process ends, even if it is killed. It rejects wrong options with a TypeError, and with the messages of the server if
 * that can't start.
 */
export function start(options?: Options): Promise<Server>;
