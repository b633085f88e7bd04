package client_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
)

// echoing is a server that returns text in a field of an integration, by every call.
func echoing(document func(r *http.Request, body string) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case strings.HasSuffix(r.URL.Path, "/oauth/token"):
			respondWith(200, "application/json", `{"access_token":"`+tokenCanary+`","token_type":"Bearer","expires_in":3600}`).ServeHTTP(w, r)
		case strings.HasSuffix(r.URL.Path, "/oauth/revoke"):
		case r.Header.Get("Authorization") == "":
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/VICTOR_OPS"):
			fmt.Fprint(w, document(r, string(body)))
		default:
			fmt.Fprintf(w, `{"results":[{"type":"SLACK"},%s]}`, document(r, string(body)))
		}
	})
}

// results are the integrations that each call returns for VICTOR_OPS.
func results(t *testing.T, c *client.Client, p client.Payload) map[string]client.Integration {
	t.Helper()
	ctx := context.Background()
	found := map[string]client.Integration{"get": must[client.Integration](t)(c.Get(ctx, project, "VICTOR_OPS"))}
	list := must[[]client.Integration](t)(c.List(ctx, project))
	found["list"] = list[1]
	found["create"] = must[client.Integration](t)(c.Create(ctx, project, p))
	found["update"] = must[client.Integration](t)(c.Update(ctx, project, p))
	return found
}

const victorOps = `{"type":"VICTOR_OPS","apiKey":"` + keyCanary + `","routingKey":"key"}`

// Credentials that a server repeats, whole, in parts and as requests contain them, are in no result: in no
// kind of value, and on the first call of a client, which fetches the token.
func TestResponsesHideCredentials(t *testing.T) {
	basic := base64.StdEncoding.EncodeToString([]byte("someone:" + clientCanary))
	secrets := map[string][]string{
		"digest": {privateCanary}, "service account": {clientCanary, tokenCanary, basic}, "bearer": {tokenCanary},
	}
	documents := map[string]func(string) string{
		"a plain field": func(s string) string { return `{"type":"VICTOR_OPS","routingKey":"` + s + `"}` },
		"within a text": func(s string) string { return `{"type":"VICTOR_OPS","routingKey":"a ` + s + `b"}` },
		"in capitals":   func(s string) string { return `{"type":"VICTOR_OPS","routingKey":"` + strings.ToUpper(s) + `"}` },
		"a part":        func(s string) string { return `{"type":"VICTOR_OPS","routingKey":"` + s[3:len(s)-1] + `"}` },
		"escaped": func(s string) string {
			return fmt.Sprintf(`{"type":"VICTOR_OPS","routingKey":"\u%04x%s"}`, s[0], s[1:])
		},
		"as in a URL":     func(s string) string { return `{"type":"VICTOR_OPS","routingKey":"` + url.QueryEscape(s) + `"}` },
		"the id":          func(s string) string { return `{"type":"VICTOR_OPS","id":"` + s + `"}` },
		"a secret field":  func(s string) string { return `{"type":"VICTOR_OPS","apiKey":"` + s + `"}` },
		"a name":          func(s string) string { return `{"type":"VICTOR_OPS","` + s + `":1}` },
		"an unknown one":  func(s string) string { return `{"type":"VICTOR_OPS","new":[{"a":["` + s + `"]}]}` },
		"a name below":    func(s string) string { return `{"type":"VICTOR_OPS","new":{"` + s + `":1}}` },
		"a repeated name": func(s string) string { return `{"type":"VICTOR_OPS","routingKey":"` + s + `","routingKey":"key"}` },
	}
	for place, document := range documents {
		for login, option := range secretLogins {
			for _, s := range secrets[login] {
				way := at{echoing(func(*http.Request, string) string { return document(s) })}
				c := bare(t, "https://atlas.example", client.Options{Credentials: option, Transport: way})
				for call, in := range results(t, c, payload(t, victorOps)) {
					for _, leak := range leaks(fmt.Errorf("%s %s %s %q", in.JSON, in.ID, in.Type, in.Hidden)) {
						t.Errorf("%s, %s, %s: %s", call, place, login, leak)
					}
					if place == "a repeated name" {
						continue
					}
					if len(in.Hidden) != 1 {
						t.Errorf("%s, %s, %s: hidden are %q, want one", call, place, login, in.Hidden)
					}
					if !strings.Contains(string(in.JSON), "(hidden)") {
						t.Errorf("%s, %s, %s: nothing is hidden in %s", call, place, login, in.JSON)
					}
				}
			}
		}
	}
}

// A number can be a secret too.
func TestResponsesHideNumbers(t *testing.T) {
	way := at{echoing(func(*http.Request, string) string { return `{"type":"VICTOR_OPS","routingKey":81726354918273,"n":1.0}` })}
	c := bare(t, "https://atlas.example", client.Options{Credentials: client.AccessToken("81726354918273"), Transport: way})
	for call, in := range results(t, c, payload(t, victorOps)) {
		want := client.Integration{
			Type: "VICTOR_OPS", JSON: []byte(`{"n":1.0,"routingKey":"(hidden)","type":"VICTOR_OPS"}`), Hidden: []string{"routingKey"},
		}
		if diff := cmp.Diff(want, in); diff != "" {
			t.Errorf("%s (-want +got):\n%s", call, diff)
		}
	}
}

// A secret of the payload stays in its own field, where Atlas masks it, and gets into no other.
func TestResponsesHideSecretsOfPayloads(t *testing.T) {
	p := payload(t, victorOps)
	const echoed = `{"type":"VICTOR_OPS","apiKey":"` + keyCanary + `","routingKey":"` + keyCanary + `"}`
	update := func(document string) client.Integration {
		t.Helper()
		c := reach(t, echoing(func(*http.Request, string) string { return document }), client.Options{})
		return must[client.Integration](t)(c.Update(context.Background(), project, p))
	}
	want := client.Integration{
		Type:   "VICTOR_OPS",
		JSON:   json.RawMessage(`{"apiKey":"` + keyCanary + `","routingKey":"(hidden)","type":"VICTOR_OPS"}`),
		Hidden: []string{"routingKey"},
	}
	if diff := cmp.Diff(want, update(echoed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want = client.Integration{Type: "VICTOR_OPS", JSON: json.RawMessage(victorOps)}
	if diff := cmp.Diff(want, update(victorOps)); diff != "" {
		t.Errorf("a response without the secret (-want +got):\n%s", diff)
	}
}

// A token that was renewed meanwhile is still a secret, in responses and in errors.
func TestResponsesHideRenewedTokens(t *testing.T) {
	tokens := []string{"first-token-7f3a", "second-token-9b2c"}
	n := 0
	c := bare(t, "https://atlas.example", client.Options{Credentials: client.ServiceAccount("someone", clientCanary), Transport: at{http.HandlerFunc(
		func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasSuffix(r.URL.Path, "/oauth/token"):
				respondWith(200, "application/json", `{"access_token":"`+tokens[n]+`","token_type":"Bearer","expires_in":3600}`).ServeHTTP(w, r)
				n++
			case r.Header.Get("Authorization") == "Bearer "+tokens[0]:
				w.WriteHeader(http.StatusUnauthorized)
			case r.Method == http.MethodGet:
				fmt.Fprintf(w, `{"type":"VICTOR_OPS","routingKey":"%s %s"}`, tokens[0], tokens[1])
			default:
				w.WriteHeader(http.StatusBadRequest)
				fmt.Fprintf(w, `{"error":400,"errorCode":"INVALID_URL","detail":"%s %s"}`, tokens[0], tokens[1])
			}
		})}})
	in := must[client.Integration](t)(c.Get(context.Background(), project, "VICTOR_OPS"))
	if want := `{"routingKey":"(hidden) (hidden)","type":"VICTOR_OPS"}`; string(in.JSON) != want {
		t.Errorf("it is %s, want %s", in.JSON, want)
	}
	if err := c.Delete(context.Background(), project, "VICTOR_OPS"); err == nil || !strings.Contains(err.Error(), ": (hidden) (hidden);") {
		t.Errorf("the error is %v", err)
	}
}

// spread are the ways to put other characters between those of a secret, or each in an element of a list.
var spread = map[string]func(secret string) string{
	"blanks":     func(s string) string { return strings.Join(strings.Split(s, ""), " ") },
	"hyphens":    func(s string) string { return strings.Join(strings.Split(s, ""), "-") },
	"lines":      func(s string) string { return strings.Join(strings.Split(s, ""), "\n") },
	"unprinted":  func(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") },
	"other ones": func(s string) string { return strings.Join(strings.Split(strings.ToUpper(s), ""), ` /\_ `) },
}

// spreads reports whether a text has the characters of a secret with only separators between them.
func spreads(text, secret string) bool {
	bare := func(s string) string {
		return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", r)
		}), "")
	}
	// The escapes of JSON and of %q.
	text = strings.NewReplacer(`\u200b`, "", `\u003c`, "", `\n`, "").Replace(text)
	return strings.Contains(bare(text), bare(secret))
}

// Credentials and secrets of the payload with other characters between theirs are in no error and no result.
func TestSpreadSecretsAreHidden(t *testing.T) {
	const found = `{"type":"VICTOR_OPS","new":%s}`
	ctx, p := context.Background(), payload(t, victorOps)
	quoted := func(value any) string { return string(must[[]byte](t)(json.Marshal(value))) }
	for name, way := range spread {
		for secret, ofPayload := range map[string]bool{tokenCanary: false, keyCanary: true} {
			text, list := quoted(way(secret)), quoted(strings.Split(secret, ""))
			for status, doc := range map[int]string{
				200: fmt.Sprintf(found, text), 201: fmt.Sprintf(found, list), 202: fmt.Sprintf(found, `{"a":[`+list+`]}`),
				400: `{"error":400,"errorCode":"INVALID_ATTRIBUTE","detail":` + text + `,"reason":` + text + `,"badRequestDetail":{"fields":[{"field":` + text + `,"description":` + text + `}]}}`,
				409: `{"error":409,"errorCode":"INVALID_ATTRIBUTE","parameters":` + list + `}`,
				500: `{"error":500,"errorCode":` + text + `}`,
			} {
				server := echoing(func(*http.Request, string) string { return doc })
				if status >= 400 {
					server = respondWith(status, "application/json", doc)
				}
				c := bare(t, "https://atlas.example", client.Options{Credentials: client.AccessToken(tokenCanary), Transport: at{server}, Retries: -1})
				in, err := c.Update(ctx, project, p)
				if !ofPayload && err == nil {
					in, err = c.Get(ctx, project, "VICTOR_OPS")
				}
				shown := fmt.Sprintf("%v %s %q", err, in.JSON, in.Hidden)
				if err != nil {
					shown += fmt.Sprintf("%+v", *as[*client.APIError](t, err))
				}
				if spreads(shown, secret) || !strings.Contains(shown, "(hidden)") {
					t.Errorf("%s of %s with %d: %s", name, secret, status, shown)
				}
			}
		}
	}
}
