// Settings of clients for this server.

import { quote } from './curl.js';

const project = '5d791c84ff7a2522cc4f9aa1';
const organization = '5f0000000000000000000001';
const mediaType = 'application/vnd.atlas.2023-01-01+json';

function curl({ baseURL, keys, required }) {
  const login = keys ? quote(`${keys.publicKey}:${keys.privateKey}`) : '"$MONGODB_ATLAS_PUBLIC_API_KEY:$MONGODB_ATLAS_PRIVATE_API_KEY"';
  const user = required ? `--digest --user ${login} ` : '';
  const url = quote(`${baseURL}/api/atlas/v2/groups/${project}/integrations`);
  const create = quote(`${baseURL}/api/atlas/v2/groups/${project}/integrations/DATADOG`);
  const body = quote('{"type": "DATADOG", "apiKey": "0123456789abcdef0123456789abcdef", "region": "US"}');
  return `# Create a Datadog integration
curl ${user}\\
  --header 'Accept: ${mediaType}' \\
  --header 'Content-Type: ${mediaType}' \\
  --data ${body} \\
  ${create}

# List the integrations of the project
curl ${user}\\
  --header 'Accept: ${mediaType}' \\
  ${url}`;
}

// exports returns commands that set the credentials, with their values if they are built in.
function exports({ keys, required }) {
  if (!keys && required) return '# Set MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY to the credentials of the server.';
  const { publicKey, privateKey } = keys ?? { publicKey: 'any', privateKey: 'any' };
  return `export MONGODB_ATLAS_PUBLIC_API_KEY=${quote(publicKey)}\nexport MONGODB_ATLAS_PRIVATE_API_KEY=${quote(privateKey)}`;
}

const hcl = (text) => JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');

function terraform({ baseURL, keys, required }) {
  const known = keys || !required;
  const { publicKey, privateKey } = keys ?? { publicKey: 'any', privateKey: 'any' };
  const provider = known ? `provider "mongodbatlas" {
  base_url    = ${hcl(`${baseURL}/`)}
  public_key  = ${hcl(publicKey)}
  private_key = ${hcl(privateKey)}
}` : `# Set MONGODB_ATLAS_BASE_URL to ${baseURL}/
# and MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY to the credentials of the server.
provider "mongodbatlas" {}`;
  return `terraform {
  required_providers {
    mongodbatlas = { source = "mongodb/mongodbatlas" }
  }
}

${provider}

resource "mongodbatlas_project" "alerts" {
  name   = "Alerts"
  org_id = "${organization}"
}

resource "mongodbatlas_third_party_integration" "opsgenie" {
  project_id = mongodbatlas_project.alerts.id
  type       = "OPS_GENIE"
  api_key    = "7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64"
  region     = "EU"
}`;
}

function goSDK({ baseURL, keys, required }) {
  const known = keys || !required;
  const { publicKey, privateKey } = keys ?? { publicKey: 'any', privateKey: 'any' };
  const login = known ? `admin.UseDigestAuth(${JSON.stringify(publicKey)}, ${JSON.stringify(privateKey)})`
    : 'admin.UseDigestAuth(os.Getenv("MONGODB_ATLAS_PUBLIC_API_KEY"), os.Getenv("MONGODB_ATLAS_PRIVATE_API_KEY"))';
  return `// go get go.mongodb.org/atlas-sdk/v20250312013
package main

import (
	"context"
	"fmt"
	"log"
${known ? '' : '\t"os"\n'}
	"go.mongodb.org/atlas-sdk/v20250312013/admin"
)

func main() {
	client, err := admin.NewClient(
		admin.UseBaseURL(${JSON.stringify(baseURL)}),
		${login},
	)
	if err != nil {
		log.Fatal(err)
	}
	page, _, err := client.ThirdPartyIntegrationsApi.ListGroupIntegrations(context.Background(), "${project}").Execute()
	if err != nil {
		log.Fatal(err)
	}
	for _, integration := range page.GetResults() {
		fmt.Println(integration.GetType(), integration.GetId())
	}
}`;
}

function python({ baseURL, keys, required }) {
  const known = keys || !required;
  const { publicKey, privateKey } = keys ?? { publicKey: 'any', privateKey: 'any' };
  const variable = (name) => `os.environ["MONGODB_ATLAS_${name}_API_KEY"]`;
  const login = known ? `${JSON.stringify(publicKey)}, ${JSON.stringify(privateKey)}` : `${variable('PUBLIC')}, ${variable('PRIVATE')}`;
  return `# pip install requests
${known ? '' : 'import os\n\n'}import requests
from requests.auth import HTTPDigestAuth

atlas = requests.Session()
atlas.auth = HTTPDigestAuth(${login})
atlas.headers["Accept"] = "${mediaType}"
url = ${JSON.stringify(`${baseURL}/api/atlas/v2/groups/${project}/integrations`)}

payload = {"type": "OPS_GENIE", "apiKey": "7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64", "region": "EU"}
atlas.put(f"{url}/OPS_GENIE", json=payload).raise_for_status()  # creates or updates it
response = atlas.get(url)
response.raise_for_status()
for integration in response.json()["results"]:
    print(integration["type"], integration["id"])`;
}

function atlasCLI(server) {
  return `export MONGODB_ATLAS_OPS_MANAGER_URL=${quote(`${server.baseURL}/`)}
${exports(server)}
export MONGODB_ATLAS_ORG_ID=${organization}
export MONGODB_ATLAS_PROJECT_ID=${project}
atlas integrations create OPS_GENIE --apiKey 7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64 --region EU
atlas integrations list --output json`;
}

// snippetsFor returns the name and the text of each snippet for the server of an overview.
export function snippetsFor(overview) {
  const { publicKey, privateKey, required = true } = overview.credentials;
  const server = {
    baseURL: overview.baseURL.replace(/\/$/, ''), required, keys: publicKey && privateKey ? { publicKey, privateKey } : undefined,
  };
  return [['curl', curl(server)], ['Terraform', terraform(server)], ['Go SDK', goSDK(server)], ['Python', python(server)], ['Atlas CLI', atlasCLI(server)]];
}

// createCommand returns a curl command that stores an integration in the server.
export function createCommand(overview) {
  return snippetsFor(overview)[0][1].split('\n\n# ')[0].split('\n').slice(1).join('\n');
}
