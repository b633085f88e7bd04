// Each client of docs/generators.md lists, creates, reads, updates and deletes an integration on a fake server. The
// script run generates the code in ./gen, checks the types and runs this with the server's URL.
import axios from 'axios';
import createFetchClient from 'openapi-fetch';

import * as hey from './gen/hey-api/sdk.gen';
import { client as heyClient } from './gen/hey-api/client.gen';
import * as union from './gen/json2ts';
import type { paths } from './gen/openapi-typescript';
import { OpenAPI } from './gen/codegen/core/OpenAPI';
import { ThirdPartyIntegrationsService as codegen } from './gen/codegen/services/ThirdPartyIntegrationsService';
import * as orval from './gen/orval';
import type * as quick from './gen/quicktype';
import { createApiClient } from './gen/zod';

const base = process.argv[2];
const groupId = '32b6e34b3d91647abb20e7b8';
const integrationType = 'OPS_GENIE';
const path = { groupId, integrationType } as const;
const dated = 'application/vnd.atlas.2023-01-01+json';
const apiKey = '6e1f3a52-8d47-4c1b-9b60-2f5d8c7a9e13';

type Payload = { type: typeof integrationType; apiKey: string; region?: 'US' | 'EU' };
const created: Payload = { type: integrationType, apiKey };
const updated: Payload = { ...created, region: 'EU' };

// The five calls of a client. Each throws unless the status is 2xx.
interface Calls {
  list(): Promise<{ results: { type: string }[] }>;
  create(): Promise<unknown>;
  get(): Promise<{ type: string; region?: string | null }>;
  update(): Promise<unknown>;
  remove(): Promise<unknown>;
}

// json-schema-to-typescript and quicktype generate types only: they are used with fetch.
function plain(headers: Record<string, string>, first: object, second: object): Calls {
  const url = `${base}/api/atlas/v2/groups/${groupId}/integrations`;
  const call = async (method: string, to: string, body?: object) => {
    const res = await fetch(to, { method, headers: { ...headers, 'Content-Type': dated }, body: body && JSON.stringify(body) });
    if (!res.ok) throw new Error(`${method}: status ${res.status}`);
    const text = await res.text();
    return text === '' ? undefined : JSON.parse(text);
  };
  const one = `${url}/${integrationType}`;
  return {
    list: () => call('GET', url), create: () => call('POST', one, first), get: () => call('GET', one),
    update: () => call('PUT', one, second), remove: () => call('DELETE', one),
  };
}

// data returns the response of a client that reports errors as values.
async function data<T>(result: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, response } = await result;
  if (!response.ok) throw new Error(`status ${response.status}`);
  return data as T;
}

const clients: Record<string, (headers: Record<string, string>) => Calls> = {
  'openapi-typescript': (headers) => {
    const client = createFetchClient<paths>({ baseUrl: base, headers });
    const one = '/api/atlas/v2/groups/{groupId}/integrations/{integrationType}';
    return {
      list: () => data(client.GET('/api/atlas/v2/groups/{groupId}/integrations', { params: { path } })),
      create: () => data(client.POST(one, { params: { path }, body: created })),
      get: () => data(client.GET(one, { params: { path } })) as ReturnType<Calls['get']>,
      update: () => data(client.PUT(one, { params: { path }, body: updated })),
      remove: () => data(client.DELETE(one, { params: { path }, parseAs: 'text' })),
    };
  },
  'hey-api': (headers) => {
    heyClient.setConfig({ baseUrl: base as any, headers });
    return {
      list: () => data(hey.listGroupIntegrations({ path })),
      create: () => data(hey.createGroupIntegration({ path, body: created })),
      get: () => data(hey.getGroupIntegration({ path })) as ReturnType<Calls['get']>,
      update: () => data(hey.updateGroupIntegration({ path, body: updated })),
      remove: () => data(hey.deleteGroupIntegration({ path })),
    };
  },
  orval: (headers) => {
    const options = { baseURL: base, headers };
    return {
      list: async () => (await orval.listGroupIntegrations(groupId, undefined, options)).data,
      create: () => orval.createGroupIntegration(groupId, integrationType, created, undefined, options),
      get: async () => (await orval.getGroupIntegration(groupId, integrationType, undefined, options)).data as Payload,
      update: () => orval.updateGroupIntegration(groupId, integrationType, updated, undefined, options),
      remove: () => orval.deleteGroupIntegration(groupId, integrationType, undefined, options),
    };
  },
  'openapi-zod-client': (headers) => {
    const client = createApiClient(base, { axiosConfig: { headers } });
    return {
      list: () => client.ListIntegrations({ params: { groupId } }),
      create: () => client.CreateIntegration(created, { params: path }),
      get: () => client.GetIntegration({ params: path }) as ReturnType<Calls['get']>,
      update: () => client.UpdateIntegration(updated, { params: path }),
      remove: () => client.DeleteIntegration(undefined, { params: path }),
    };
  },
  'openapi-typescript-codegen': (headers) => {
    Object.assign(OpenAPI, { BASE: base, HEADERS: headers });
    return {
      list: () => codegen.listGroupIntegrations(groupId) as ReturnType<Calls['list']>,
      create: () => codegen.createGroupIntegration(groupId, integrationType as any, created as any),
      get: () => codegen.getGroupIntegration(groupId, integrationType as any) as any,
      update: () => codegen.updateGroupIntegration(groupId, integrationType as any, updated as any),
      remove: () => codegen.deleteGroupIntegration(groupId, integrationType as any),
    };
  },
  quicktype: (headers) => {
    const [first, second]: quick.OpsGenie[] = [created, updated];
    return plain(headers, first, second);
  },
  'json-schema-to-typescript': (headers) => {
    const [first, second]: union.Integration[] = [created, updated];
    const narrowed: string = first.type === 'OPS_GENIE' ? first.apiKey : ''; // an error unless the type selects OpsGenie
    return plain(headers, { ...first, apiKey: narrowed }, second);
  },
};

function expect(what: string, got: unknown, want: unknown) {
  if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

async function run(calls: Calls) {
  const types = async () => (await calls.list()).results.map(({ type }) => type);
  expect('list', await types(), []);
  await calls.create();
  expect('list after create', await types(), [integrationType]);
  await calls.update();
  const { type, region } = await calls.get();
  expect('get after update', { type, region }, { type: integrationType, region: 'EU' });
  await calls.remove();
  expect('list after delete', await types(), []);
}

async function main() {
  const { data: overview } = await axios.get(`${base}/_atlasint/overview`);
  const { clientId, clientSecret } = overview.credentials;
  const token = await axios.post(`${base}/api/oauth/token`, 'grant_type=client_credentials', { auth: { username: clientId, password: clientSecret } });
  const headers = { Accept: dated, Authorization: `Bearer ${token.data.access_token}` };
  for (const [name, client] of Object.entries(clients)) {
    try {
      await run(client(headers));
      console.log(`ok: ${name}`);
    } catch (err) {
      console.error(`FAIL: ${name}: ${err instanceof Error ? err.message : err}`);
      process.exitCode = 1;
    }
  }
}

main();
