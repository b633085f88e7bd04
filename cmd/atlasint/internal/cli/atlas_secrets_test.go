package cli_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/schemas"
)

// canaries are secrets and values of references, which no output may contain.
type canaries struct {
	values []string
	public map[string]bool // those of fields that are not secrets, which get shows
}

// add returns a new sample secret of 32 hexadecimal digits, which is valid in every field.
func (c *canaries) add() string {
	n := len(c.values)
	value := fmt.Sprintf("%08x%08x%08x%08x", 0xca4a0000+n, 0xfeed0000+n, 0xbead0000+n, 0xdeaf0000+n)
	c.values = append(c.values, value)
	return value
}

func (c *canaries) checkHidden(t *testing.T, what, text string) {
	t.Helper()
	for _, value := range c.values {
		if c.public[value] && strings.HasPrefix(what, "get") {
			continue
		}
		for i := 0; i+8 <= len(value); i++ {
			if strings.Contains(text, value[i:i+8]) {
				t.Errorf("%s shows a secret:\n%s", what, text)
				return
			}
		}
	}
}

// secretPayloads writes a payload of each type. Each secret is a sample secret, and each other string that accepts any
// text is a reference to one.
func secretPayloads(t *testing.T, c *canaries) {
	t.Helper()
	var lines []string
	for _, typ := range schemas.Types {
		if typ.APIVersion != schemas.V2 {
			continue
		}
		payload := map[string]any{"type": typ.Name}
		for _, f := range typ.Fields {
			switch {
			case f.Const != "" || f.ReadOnly || f.Name == "id" || f.TemplateBytes > 0:
			case f.Kind == "boolean":
				payload[f.Name] = true
			case f.Enum != nil:
				payload[f.Name] = f.Enum[len(f.Enum)-1]
			case f.Format == "uri":
				payload[f.Name] = "https://hooks.example.com/services/" + c.add()
			case f.Secret != "":
				payload[f.Name] = c.add()
			default:
				name := fmt.Sprintf("ATLASINT_TEST_%d", len(c.values))
				value := c.add()
				c.public[value] = true
				t.Setenv(name, value[:8]) // short enough to look harmless
				payload[f.Name] = "${env:" + name + "}"
			}
		}
		line, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(line))
	}
	writeFile(t, "payloads.ndjson", strings.Join(lines, "\n"))
}

// commandLines are the tested command lines. Their working directory contains payloads.ndjson.
var commandLines = []string{
	"diff payloads.ndjson", "diff --json --prune payloads.ndjson", "apply --dry-run payloads.ndjson", "apply payloads.ndjson",
	"apply --yes --json payloads.ndjson", "apply --yes payloads.ndjson", "apply --yes --resend payloads.ndjson",
	"apply --yes --prune --resend --json payloads.ndjson",
	"get", "get --json", "get --as-payload", "get DATADOG", "get WEBHOOK --json", "get WEBHOOK --as-payload", "get FLOWDOCK", "get --api v1.0",
	"delete WEBHOOK", "delete WEBHOOK --yes", "delete DATADOG --yes",
}

// No command prints a secret, whether its requests succeed, fail or break off.
func TestAtlasCommandsHideSecrets(t *testing.T) {
	faults := map[string]fakeatlas.Fault{"none": {Path: "/none", Status: 500}, "dropped": {Drop: true}, "cut off": {Truncate: true}}
	for _, status := range []int{400, 401, 403, 404, 409, 429, 500, 503} {
		faults[fmt.Sprint(status)] = fakeatlas.Fault{Status: status}
		faults[fmt.Sprint(status, " to changes")] = fakeatlas.Fault{Status: status, Path: "*/integrations/*"}
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			c := &canaries{public: map[string]bool{}}
			private, secret := c.add(), c.add()
			atlas := startAtlas(t, fakeatlas.WithCredentials(
				fakeatlas.Credential{PublicKey: "public", PrivateKey: private},
				fakeatlas.Credential{ClientID: "client", ClientSecret: secret},
			))
			secretPayloads(t, c)
			for _, account := range []bool{false, true} {
				credentials(t, account, private, secret)
				if _, err := atlas.InjectFault(fault); err != nil {
					t.Fatal(err)
				}
				for _, command := range commandLines {
					_, out, errOut := run(strings.Fields(command)...)
					c.checkHidden(t, command, out+errOut)
					oneLineEach(t, withoutWarnings(errOut))
				}
			}
		})
	}
}

func credentials(t *testing.T, account bool, private, secret string) {
	t.Helper()
	for name, value := range map[string]string{"MONGODB_ATLAS_PUBLIC_API_KEY": "public", "MONGODB_ATLAS_PRIVATE_API_KEY": private} {
		if account {
			value = ""
		}
		t.Setenv(name, value)
	}
	for name, value := range map[string]string{"MONGODB_ATLAS_CLIENT_ID": "client", "MONGODB_ATLAS_CLIENT_SECRET": secret} {
		if !account {
			value = ""
		}
		t.Setenv(name, value)
	}
}

// withoutWarnings removes the report of findings, which has another format.
func withoutWarnings(errOut string) string {
	var kept strings.Builder
	for line := range strings.Lines(errOut) {
		if strings.HasPrefix(line, "atlasint: ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// If a server masks nothing and repeats requests in its errors, the output still contains no secret.
func TestUnmaskedResponsesAreHidden(t *testing.T) {
	c := &canaries{public: map[string]bool{}}
	startAtlas(t)
	private, secret := c.add(), c.add()
	secretPayloads(t, c)
	results := leakingHandler(t, c)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path == "/api/oauth/token":
			fmt.Fprintf(w, `{"access_token":%q,"token_type":"Bearer","expires_in":3600}`, secret)
		case r.Header.Get("Authorization") == "":
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/integrations"):
			fmt.Fprintf(w, `{"results":%s}`, results)
		case r.Method == http.MethodGet:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error":404,"errorCode":"INTEGRATION_NOT_CONFIGURED"}`)
		default:
			text, _ := json.Marshal(string(body) + r.Header.Get("Authorization") + private + secret)
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w,
				`{"error":400,"errorCode":"INVALID_ATTRIBUTE","detail":%[1]s,"reason":%[1]s,"parameters":[%[1]s],`+
					`"badRequestDetail":{"fields":[{"field":%[1]s,"description":%[1]s}]}}`,
				text)
		}
	}))
	t.Cleanup(server.Close)
	callAt(t, server.URL)
	for _, account := range []bool{false, true} {
		credentials(t, account, private, secret)
		for _, command := range commandLines {
			_, out, errOut := run(strings.Fields(command)...)
			c.checkHidden(t, command, out+errOut)
			if i := strings.IndexFunc(out+errOut, acts); i >= 0 {
				t.Errorf("%s: a control character in %q", command, out+errOut)
			}
		}
	}
}

// leakingHandler returns a list of integrations as JSON, with unmasked secrets in known and unknown fields.
func leakingHandler(t *testing.T, c *canaries) string {
	t.Helper()
	list := []map[string]any{
		{"type": "DATADOG", "id": "1", "apiKey": c.add(), "region": "EU", "newKey": c.add(), c.add(): true},
		{"type": "WEBHOOK", "url": "https://hooks.example.com/" + c.add(), "secret": c.add(), "bodyTemplate": c.add()},
		{"type": "PROMETHEUS", "username": "u", "password": c.add(), "enabled": true, "serviceDiscovery": "http"},
		{"type": "OPS_GENIE", "apiKey": map[string]any{"key": c.add()}, "region": []any{c.add()}},
		{"type": "VICTOR_OPS", "apiKey": []any{c.add()}, "routingKey": map[string]any{c.add(): c.add()}},
		{"type": "NEW_\x1b[31mTYPE", "token": c.add(), "nested": map[string]any{"key": c.add()}},
		{"type": c.add(), "id": c.add()},
	}
	doc, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	return string(doc)
}
