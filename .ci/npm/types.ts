// Compiles if the types of @atlasint/cli have the members of the control API, of whose document control.d.ts is made.
import { start, type ActiveFault, type Fault, type Request, type RequestFilter, type Server } from '@atlasint/cli';
import type { components, operations } from './control.js';

type Schemas = components['schemas'];
type Same<A, B> = [A, B] extends [B, A] ? true : false;
export const members: [
  Same<keyof ActiveFault, keyof Schemas['Fault']>,
  Same<keyof Request, keyof Schemas['Request']>,
  Same<keyof RequestFilter, keyof NonNullable<operations['getRequests']['parameters']['query']>>,
] = [true, true, true];
export const received = (request: Schemas['Request']): Request => request;
export const sent = (fault: Omit<Fault, 'body'>): Schemas['Fault'] => fault;

export async function usage(): Promise<number> {
  await using atlas: Server = await start({ args: ['--no-auth'], env: { NAME: undefined }, timeout: 1000 });
  const { id } = await atlas.addFault({ method: 'POST', errorCode: 'RATE_LIMITED_TOKEN_BUCKET', retryAfter: '2s', body: [1] });
  await atlas.removeFaults(id);
  await atlas.seed('5d791c84ff7a2522cc4f9aa1', { type: 'DATADOG', apiKey: atlas.credentials.privateKey });
  // @ts-expect-error: an unknown option
  await start({ port: 8080 });
  // @ts-expect-error: an unknown member
  await atlas.addFault({ stauts: 503 });
  // @ts-expect-error: a text
  await atlas.requests({ since: '7' });
  const [first] = await atlas.requests({ status: [503, '2xx'], wait: '1s', min: 2 });
  return first.status;
}
