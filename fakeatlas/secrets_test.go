package fakeatlas

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// The sample secrets have the length and the form of real secrets.
const (
	canaryHex = "ca11a5e1ca11a5e2ca11a5e3ca11beef"
	canary    = "CANARY-c4n4ry-5ecret-9f8e7d6c5b-sing-song-beef"
	canaryURL = "https://hooks.example.com/" + canary
)

// recordingClient is a client of a server. It keeps all output of the server.
type recordingClient struct {
	*apiClient
	words *bytes.Buffer // responses
	log   *bytes.Buffer
	dir   string // of recordings
}

func newRecordingClient(t *testing.T, apiVersion string, opts ...Option) *recordingClient {
	t.Helper()
	log := &bytes.Buffer{}
	logger := slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	dir := t.TempDir()
	return &recordingClient{newAPIClient(t, apiVersion, append(opts, WithLogger(logger), WithRecordings(dir))...), &bytes.Buffer{}, log, dir}
}

func (c *recordingClient) do(method, target, body string, headers ...string) reply {
	c.t.Helper()
	got := c.apiClient.do(method, target, body, headers...)
	fmt.Fprintln(c.words, got.status, got.header, got.body)
	return got
}

// outputs returns the output of the server by its kind: responses, log, journal and recordings.
func (c *recordingClient) outputs() map[string]string {
	c.t.Helper()
	journal, err := json.Marshal(c.s.Requests())
	if err != nil {
		c.t.Fatal(err)
	}
	return map[string]string{"responses": c.words.String(), "log": c.log.String(), "journal": string(journal), "recordings": c.recordings()}
}

// recordings returns the names and the contents of all recordings.
func (c *recordingClient) recordings() string {
	c.t.Helper()
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		c.t.Fatal(err)
	}
	var all strings.Builder
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(c.dir, entry.Name()))
		if err != nil {
			c.t.Fatal(err)
		}
		fmt.Fprintln(&all, entry.Name(), string(data))
	}
	return all.String()
}

// outputsAndMetrics returns the outputs of the server, and its metrics.
func (c *recordingClient) outputsAndMetrics() map[string]string {
	c.t.Helper()
	metrics, err := c.s.metrics.Text(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	said := c.outputs()
	said["metrics"] = string(metrics)
	return said
}

// forget clears the recorded outputs.
func (c *recordingClient) forget() {
	c.words.Reset()
	c.log.Reset()
	c.s.journal.Clear()
	names, err := filepath.Glob(filepath.Join(c.dir, "*"))
	if err != nil || len(names) == 0 {
		c.t.Fatalf("nothing is recorded: %v", err)
	}
	for _, name := range names {
		if err := os.Remove(name); err != nil {
			c.t.Fatal(err)
		}
	}
}

// wantNoSecrets checks that no eight consecutive characters of a secret are in the outputs, which are given by their
// names. The last four characters, which are "beef", are allowed because masks end with them; not in recordings, which
// have no masks.
func wantNoSecrets(t *testing.T, outputs map[string]string, secrets ...string) bool {
	t.Helper()
	for where, text := range outputs {
		if at := strings.Index(text, "beef"); at >= 0 && where == "recordings" {
			t.Errorf("recordings: %s", text[max(0, at-300):min(len(text), at+100)])
			return false
		}
		for _, secret := range secrets {
			for i := range len(secret) - 7 {
				if at := strings.Index(text, secret[i:i+8]); at >= 0 {
					t.Errorf("%s: %s", where, text[max(0, at-300):min(len(text), at+100)])
					return false
				}
			}
		}
	}
	return true
}

// secretOf is a sample secret that fits a field.
func secretOf(t *testing.T, f schemas.Field) string {
	t.Helper()
	switch {
	case f.Pattern != "":
		if !regexp.MustCompile(f.Pattern).MatchString(canaryHex) {
			t.Fatalf("no canary has the form of %s, which is %s: give secretOf one", f.Name, f.Pattern)
		}
		return canaryHex
	case f.Format == "uri":
		return canaryURL
	default:
		return canary
	}
}

// secretPayload is the example of a type, with sample secrets.
func secretPayload(t *testing.T, apiVersion, typ string) map[string]any {
	t.Helper()
	payload := map[string]any{}
	if err := json.Unmarshal([]byte(examplePayload(t, apiVersion, typ)), &payload); err != nil {
		t.Fatal(err)
	}
	for _, f := range knownFields(apiVersion, typ) {
		if f.Secret != "" {
			payload[f.Name] = secretOf(t, f)
		}
	}
	return payload
}

func TestSecretsOfAcceptedPayloads(t *testing.T) {
	for _, apiVersion := range apiVersions {
		for _, typ := range typeNames(apiVersion) {
			t.Run(apiVersion+" "+typ, func(t *testing.T) {
				w := newRecordingClient(t, apiVersion)
				body := string(wire.Encode(secretPayload(t, apiVersion, typ)))
				w.want(w.do("POST", "/"+typ, body), 200, "")
				for _, query := range []string{"", "?pretty=true", "?envelope=true"} {
					w.want(w.do("PUT", "/"+typ+query, body), 200, "")
					w.want(w.do("GET", "/"+typ+query, ""), 200, "")
					w.want(w.do("GET", query, ""), 200, "")
				}
				other := *w
				other.apiClient = w.withVersion(map[string]string{schemas.V1: schemas.V2, schemas.V2: schemas.V1}[apiVersion])
				other.do("GET", "/"+typ, "")
				other.do("GET", "", "")
				other.do("PUT", "/"+typ, body)
				w.want(w.do("POST", "/"+typ, body), 409, "INTEGRATION_ALREADY_CONFIGURED")
				w.want(w.do("DELETE", "/"+typ, ""), 204, "")
				wantNoSecrets(t, w.outputsAndMetrics(), canary, canaryHex)
				if !strings.Contains(w.words.String(), "beef") && typ != "PROMETHEUS" {
					t.Error("the response has no mask: the test has sent no secret")
				}
			})
		}
	}
}

// misplaced returns bodies with a sample secret in a wrong place, or next to a fault.
func misplaced(payload map[string]any) map[string]string {
	typ := payload["type"].(string)
	with := func(name string, value any) string {
		changed := maps.Clone(payload)
		changed[name] = value
		return string(wire.Encode(changed))
	}
	whole := string(wire.Encode(payload))
	bodies := map[string]string{
		"as the type":              with("type", canary),
		"as a type of hex":         with("type", canaryHex),
		"in a list as the type":    with("type", []string{canary}),
		"as a name":                with(canary, 1),
		"as a name with a slash":   with("/"+canary+"/x", canary),
		"as a name of hex":         with(canaryHex, canaryHex),
		"in an unknown field":      with("unknown", canary),
		"in a removed field":       with("listenAddress", canary),
		"in a secret of another":   with("licenseKey", canary),
		"in a region":              with("region", canary),
		"in a region, hex":         with("region", canaryHex),
		"in a service discovery":   with("serviceDiscovery", canary),
		"in a boolean":             with("enabled", canary),
		"in the depth":             with("unknown", map[string]any{canary: []any{map[string]any{"x": canary}}}),
		"beside an unknown field":  with("unknown", 1),
		"beside another type":      with("type", "OTHER"),
		"beside nothing":           `{"apiKey":"` + canary + `"}`,
		"without end":              whole[:len(whole)-1],
		"before the end":           strings.TrimSuffix(whole, `"}`),
		"twice":                    strings.TrimSuffix(whole, "}") + `,"` + canary + `":"` + canary + `","` + canary + `":1}`,
		"after the end":            whole + canary,
		"with a comma":             strings.TrimSuffix(whole, "}") + ",}",
		"in broken UTF-8":          `{"type":"` + typ + `","apiKey":"` + canary + "\xff\"}",
		"in a text":                `"` + canary + `"`,
		"in a list":                `["` + canary + `"]`,
		"bare":                     canary,
		"in a form":                "apiKey=" + canary,
		"in escapes":               `{"type":"` + typ + `","\u0061piKey":"` + canary + `\u0000","x":1}`,
		"in a number":              `{"type":"` + typ + `","apiKey":0123456789` + canary + `}`,
		"in a control character":   `{"type":"` + typ + `","apiKey":"` + canary + "\n\"}",
		"as a name without quotes": `{` + canary + `:1}`,
	}
	for name, value := range payload {
		secret, isText := value.(string)
		if !isText || !strings.Contains(secret, "beef") {
			continue
		}
		bodies["masked "+name] = with(name, "****"+secret)
		bodies["padded "+name] = with(name, " "+secret+" ")
		bodies["long "+name] = with(name, strings.Repeat(secret, 100))
		bodies["object "+name] = with(name, map[string]string{"x": secret})
		bodies["list "+name] = with(name, []string{secret})
		bodies["upper "+name] = with(strings.ToUpper(name), secret)
		bodies["without scheme "+name] = with(name, canary)
		bodies["other scheme "+name] = with(name, "ftp://"+canary)
		bodies["as a host "+name] = with(name, "https://"+canaryHex+".example.com:"+canary)
		bodies["behind a scheme that is almost right "+name] = with(name, "httpx://"+canaryHex+"/x")
		bodies["as a user "+name] = with(name, "https://"+canaryHex+":"+canary+"@hooks.example.com/x")
		bodies["as a broken escape "+name] = with(name, "https://hooks.example.com/%zz"+canary)
	}
	return bodies
}

func TestSecretsOfRejectedPayloads(t *testing.T) {
	for _, apiVersion := range apiVersions {
		for _, typ := range typeNames(apiVersion) {
			t.Run(apiVersion+" "+typ, func(t *testing.T) {
				t.Parallel()
				w := newRecordingClient(t, apiVersion)
				payload := secretPayload(t, apiVersion, typ)
				for where, body := range misplaced(payload) {
					w.sendMisplaced(typ, body, string(wire.Encode(payload)))
					if !wantNoSecrets(t, w.outputs(), canary, canaryHex) {
						t.Errorf("the sample secret was %s: %s", where, body)
					}
					w.forget()
				}
				wantNoSecrets(t, w.outputsAndMetrics(), canary, canaryHex)
			})
		}
	}
}

// sendMisplaced sends a body in all ways in which it may be rejected.
func (c *recordingClient) sendMisplaced(typ, body, good string) {
	c.do("POST", "/"+typ, body)
	c.do("PUT", "/"+typ, body)
	c.do("PUT", "/"+typ, good)
	c.do("PUT", "/"+typ, body)
	c.do("POST", "/"+typ, body)
	for _, header := range []string{"Content-Type: text/plain", "Accept: text/plain", "Authorization:"} {
		c.do("PUT", "/"+typ, body, header)
	}
	c.do("PUT", "/NONE", body)
	c.do("PATCH", "/"+typ, body)
	c.do("GET", "", "")
	c.do("DELETE", "/"+typ, body)
}

func TestSecretsInPlaceOfTheType(t *testing.T) {
	for _, apiVersion := range apiVersions {
		w := newRecordingClient(t, apiVersion)
		for _, method := range []string{"GET", "POST", "PUT", "DELETE"} {
			for _, secret := range []string{canary, canaryHex} {
				w.want(w.do(method, "/"+secret, `{"type":"`+secret+`"}`), 400, "INVALID_PATH_PARAMETER")
			}
		}
		wantNoSecrets(t, w.outputsAndMetrics(), canary, canaryHex)
	}
}

func TestSecretsOfCredentials(t *testing.T) {
	w := newRecordingClient(t, schemas.V2,
		WithCredentials(Credential{PublicKey: "public", PrivateKey: canary}, Credential{ClientID: "client", ClientSecret: canaryHex}))
	for _, authorization := range []string{
		"Bearer " + canary, "Digest " + canary, "Basic " + canary, canary, canary + " x", basic(canary, canaryHex), basic("public", canary),
		`Digest username="` + canary + `", realm="MMS Public API", nonce="` + canary + `", uri="/", response="` + canaryHex +
			`", qop=auth, nc=00000001, cnonce="` + canary + `"`,
	} {
		w.do("GET", "", "", "Authorization: "+authorization)
		for _, target := range []string{"token", "revoke"} {
			for _, form := range []string{
				tokenForm, "token=" + canary, "grant_type=" + canary, "token_type_hint=" + canary,
				canary + "=" + canary, "client_secret=" + canary + "&%zz",
			} {
				for _, media := range []string{"application/x-www-form-urlencoded", "application/json"} {
					w.do("POST", "/api/oauth/"+target, form, "Authorization: "+authorization, "Content-Type: "+media)
				}
			}
		}
	}
	good := basic("client", canaryHex)
	w.do("POST", "/api/oauth/revoke", "token="+canary, "Authorization: "+good, "Content-Type: application/x-www-form-urlencoded")
	w.do("POST", "/api/oauth/token", "grant_type="+canary, "Authorization: "+good, "Content-Type: application/x-www-form-urlencoded")
	wantNoSecrets(t, w.outputsAndMetrics(), canary, canaryHex)
}

// A printed server shows no secret, also while it responds.
func TestSecretsOfPrintedServers(t *testing.T) {
	s, err := New(WithCredentials(Credential{PublicKey: "public", PrivateKey: canary}, Credential{ClientID: "client", ClientSecret: canary}),
		WithControl(canaryHex))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(testProjects[0], `{"type":"DATADOG","apiKey":"`+canaryHex+`"}`); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		said[format] = fmt.Sprintf(format, s)
	}
	wantNoSecrets(t, said, canary, canaryHex)
	s.URL = "http://127.0.0.1:41377"
	if got, want := fmt.Sprint(s), "fake Atlas at http://127.0.0.1:41377"; got != want {
		t.Errorf("it prints %q, want %q", got, want)
	}
}

// Only the response that issues a token contains it.
func TestSecretsOfTokens(t *testing.T) {
	w := newRecordingClient(t, schemas.V2)
	form := "Content-Type: application/x-www-form-urlencoded"
	good := "Authorization: " + basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)
	var issued struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(w.apiClient.do("POST", "/api/oauth/token", tokenForm, good, form).body), &issued); err != nil || issued.Token == "" {
		t.Fatal(err)
	}
	for range 2 {
		w.do("GET", "", "", "Authorization: Bearer "+issued.Token)
		w.do("PUT", "/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"`+issued.Token+`","x":1}`, "Authorization: Bearer "+issued.Token)
		w.do("POST", "/api/oauth/revoke", "token="+issued.Token, good, form)
	}
	challenge := w.apiClient.do("GET", "", "", "Authorization:").header.Get("WWW-Authenticate")
	w.do("GET", "", "", "Authorization: "+digestOf(challenge, "MD5", "GET", w.path(""), DefaultAPIKey.PublicKey, DefaultAPIKey.PrivateKey))
	_, payload, _ := strings.Cut(issued.Token, ".") // the head is the same in every JSON Web Token
	wantNoSecrets(t, w.outputsAndMetrics(), payload, DefaultServiceAccount.ClientSecret, DefaultAPIKey.PrivateKey,
		strings.TrimPrefix(good, "Authorization: Basic "))
}

// The search above finds a sample secret that is shown.
func TestCanariesAreFound(t *testing.T) {
	w := newRecordingClient(t, schemas.V2)
	w.do("POST", "/VICTOR_OPS", `{"type":"VICTOR_OPS","apiKey":"k-1","routingKey":"`+canary+`"}`) // is no secret
	for where, text := range w.outputsAndMetrics() {
		if got := strings.Contains(text, canary); got != (where == "responses" || where == "journal" || where == "recordings") {
			t.Errorf("%s: %t", where, got)
		}
	}
	if !strings.Contains(w.log.String(), http.MethodPost) {
		t.Error("nothing is logged")
	}
}
