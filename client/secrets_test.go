package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// Canaries are secret samples that tests search for: no text may contain one, or a part of one.
const (
	privateCanary = "privCanary-7f3a9b2c-priv"
	clientCanary  = "mdb_sa_sk_cliCanary_81d0"
	tokenCanary   = "tokCanary.eyJhbGciOiJFUzUxMiJ9.c2lnbmF0dXJl"
	urlCanary     = "urlCanaryT0001/B0002/9c4e"
	keyCanary     = "k3yCanary"
	shortCanary   = "q7"
	newCanary     = "newfieldCanary"
	queryCanary   = "queryCanary"
)

const canaryPayload = `{"type":"WEBHOOK","url":"https://hooks.example.com/` + urlCanary + `","secret":"` + keyCanary + `","bodyTemplate":"` +
	shortCanary + `","newField":{"deep":["` + newCanary + `"]}}`

var canaries = []string{
	privateCanary, clientCanary, tokenCanary, urlCanary, "T0001", keyCanary, "3yCanary", newCanary, "fieldCanary",
	queryCanary, "cliCanary", "privCanary", "tokCanary",
}

// leaks returns the canaries in the texts of an error and of all that it wraps.
func leaks(err error) (found []string) {
	for e := err; e != nil; e = errors.Unwrap(e) {
		text := strings.ToLower(fmt.Sprintf("%v %+v %s %q", e, e, e, e))
		var apiErr *client.APIError
		if errors.As(e, &apiErr) {
			text += strings.ToLower(fmt.Sprintf("%+v", *apiErr))
		}
		for _, canary := range canaries {
			if strings.Contains(text, strings.ToLower(canary)) {
				found = append(found, fmt.Sprintf("%s in %T: %s", canary, e, text))
			}
		}
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", r) }) {
			if word == shortCanary {
				found = append(found, shortCanary+" in "+text)
			}
		}
	}
	return found
}

// echo is a server that repeats the whole request in every text of its responses.
func echo(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" && !strings.HasSuffix(r.URL.Path, "/token") {
			w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n", algorithm=MD5, qop="auth"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		body, _ := io.ReadAll(r.Body)
		all := fmt.Sprintf("%s %s %s %s %s", r.Header.Get("Authorization"), body, url.QueryEscape(string(body)), strings.ToUpper(string(body)), privateCanary)
		w.Header().Set("Content-Type", "application/json; "+clientCanary)
		w.Header().Set("Location", "https://"+strings.ReplaceAll(r.Header.Get("Authorization"), " ", ".")+"/?"+all)
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"error":%q,"error_description":%[1]q,"errorCode":%[1]q,"detail":%[1]q,"reason":%[1]q,"parameters":[%[1]q,{"x":%[1]q}],`+
			`"badRequestDetail":{"fields":[{"field":%[1]q,"description":%[1]q}]}}`, all)
	})
}

// secretLogins are the kinds of credentials with canaries in them.
var secretLogins = map[string]client.Credentials{
	"digest":          client.APIKey("public", privateCanary),
	"service account": client.ServiceAccount("someone", clientCanary),
	"bearer":          client.AccessToken(tokenCanary),
}

func TestNoSecretInAnyError(t *testing.T) {
	ways := map[string]http.RoundTripper{"a transport that tells all": leakyTransport{}}
	for _, status := range []int{200, 302, 400, 401, 403, 429, 500, 503} {
		ways[fmt.Sprintf("echoed with %d", status)] = at{echo(status)}
	}
	for name, fault := range map[string]string{"html": "<p>" + tokenCanary + urlCanary + "</p>", "cut": `{"results":[{"secret":"` + keyCanary} {
		ways[name] = at{respondWith(200, "text/"+clientCanary, fault)}
	}
	for name, way := range ways {
		for login, option := range secretLogins {
			t.Run(name+"/"+login, func(t *testing.T) {
				c := bare(t, "https://atlas.example", client.Options{Credentials: option, Transport: way})
				p := payload(t, canaryPayload)
				_, _, applied := c.Apply(context.Background(), project, p)
				_, created := c.Create(context.Background(), project, p)
				_, updated := c.Update(context.Background(), project, p)
				for _, err := range []error{applied, created, updated, c.Delete(context.Background(), project, "WEBHOOK"), c.Close()} {
					for _, leak := range leaks(err) {
						t.Error(leak)
					}
				}
				if created == nil {
					t.Error("nothing failed")
				}
			})
		}
	}
}

// leakyTransport fails with an error that contains the whole request.
type leakyTransport struct{}

func (leakyTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Authorization") == "" {
		return at{echo(401)}.RoundTrip(r)
	}
	body := []byte(nil)
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	return nil, fmt.Errorf("lost %s of %v", body, r.Header)
}

type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// The fake rejects the payload and repeats values of it in its response, as Atlas does.
func TestAPIErrorKeepsPublicText(t *testing.T) {
	detail := `{"error":400,"errorCode":"INVALID_INTEGRATION_SETTINGS","parameters":["WEBHOOK"],` +
		`"detail":"The provided settings for the WEBHOOK integration were invalid: https://hooks.example.com/` + urlCanary +
		` is no URL, nor is ` + keyCanary + `, nor ` + shortCanary + `, but region EU of ` + project + ` is fine."}`
	c := reach(t, respondWith(400, "application/json", detail), client.Options{})
	_, err := c.Create(context.Background(), project, payload(t, canaryPayload))
	want := "POST " + there + "/WEBHOOK: Atlas returned 400 INVALID_INTEGRATION_SETTINGS: " +
		"The provided settings for the WEBHOOK integration were invalid: " +
		"https://(hidden) is no URL, nor is (hidden), nor (hidden), but region EU of " + project + " is fine; " +
		"correct the value that the message names"
	expectText(t, err, want)
}

// A key that was pasted into a field for other values is a secret, too, and so are parts of it.
func TestSecretInAnotherField(t *testing.T) {
	p := payload(t, `{"type":"DATADOG","apiKey":"x","region":"a/very/long/canary/without/digits"}`)
	detail := `{"error":400,"errorCode":"INVALID_ENUM_VALUE","detail":"Not long/canary/without but EU."}`
	_, err := reach(t, respondWith(400, "application/json", detail), client.Options{}).Create(context.Background(), project, p)
	if want := "INVALID_ENUM_VALUE: Not (hidden) but EU; use a value of the list"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("the error is %v, want it to end with %s", err, want)
	}
}

// Error codes of any length are shown, so that errors.Is finds them: those that are documented, others
// of their form, and codes in texts.
func TestCodesAreShown(t *testing.T) {
	codes := []string{"SLACK_OAUTH2_WORKSPACE_REMOVED", "RATE_LIMITED_TOKEN_BUCKET"}
	for _, c := range schemas.ErrorCodes {
		if !redact.IsCode(c.Code) {
			t.Errorf("%s has another form", c.Code)
		}
		codes = append(codes, c.Code)
	}
	for _, code := range codes {
		p := payload(t, `{"type":"WEBHOOK","url":"https://hooks.example.com/","bodyTemplate":"before `+code+` after"}`)
		if !slices.ContainsFunc(schemas.ErrorCodes, func(c schemas.ErrorCode) bool { return c.Code == code }) {
			p = payload(t, datadog) // a secret that contains an unknown code hides it
		}
		c := reach(t, respondWith(400, "application/json", `{"error":400,"errorCode":"`+code+`"}`), client.Options{})
		_, err := c.Create(context.Background(), project, p)
		if !errors.Is(err, client.Code(code)) || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: the error is %v", code, err)
		}
		err = list(reach(t, respondWith(400, "application/json", `{"error":400,"errorCode":"VALIDATION_ERROR","detail":"See `+code+`."}`), client.Options{}))
		if err == nil || !strings.Contains(err.Error(), ": See "+code) {
			t.Errorf("%s in a text: the error is %v", code, err)
		}
	}
}

// A credential or a secret of the payload that has the form of a code stays hidden, documented code or not.
func TestSecretsInTheFormOfCodes(t *testing.T) {
	for _, secret := range []string{"MY_OWN_SECRET_VALUE", "INVALID_ATTRIBUTE", "SLACK_OAUTH2_NOT_CONFIGURED"} {
		for _, code := range []string{secret, strings.ToLower(secret)} {
			response := respondWith(400, "application/json", `{"error":400,"errorCode":"`+code+`","detail":"Not `+code+`."}`)
			login := reach(t, response, client.Options{})
			bearer := bare(t, "https://atlas.example", client.Options{Credentials: client.AccessToken(secret), Transport: at{response}})
			_, ofPayload := login.Create(context.Background(), project, payload(t, `{"type":"OPS_GENIE","apiKey":"`+secret+`"}`))
			for _, err := range []error{ofPayload, list(bearer)} {
				if err == nil {
					t.Fatalf("%s: no error", code)
				}
				if strings.Contains(strings.ToUpper(err.Error()), secret) {
					t.Errorf("%s: the error has the secret: %v", code, err)
				}
				if errors.Is(err, client.Code(code)) {
					t.Errorf("%s: the error matches the secret: %v", code, err)
				}
			}
		}
	}
}

// Not even in place of the code, where it would be short enough to be shown.
func TestSecretInPlaceOfTheCode(t *testing.T) {
	c := reach(t, respondWith(400, "application/json", `{"error":400,"errorCode":"`+keyCanary+`"}`), client.Options{})
	_, err := c.Create(context.Background(), project, payload(t, canaryPayload))
	if code := as[*client.APIError](t, err).Code; code != "(hidden)" {
		t.Errorf("the code is %s, want (hidden)", code)
	}
}

func TestNoSecretInUsageErrors(t *testing.T) {
	const base = "https://atlas.example"
	for name, options := range map[string]client.Options{
		"userinfo":          {Credentials: keys, BaseURL: "https://u:" + keyCanary + "@atlas.example"},
		"userinfo, no host": {Credentials: keys, BaseURL: "https://u:" + keyCanary + "@"},
		"unreadable":        {Credentials: keys, BaseURL: "https://u:" + keyCanary + "@[::1"},
		"no scheme":         {Credentials: keys, BaseURL: "u:" + keyCanary + "@atlas.example"},
		"query":             {Credentials: keys, BaseURL: base + "?k=" + keyCanary},
		"key with a space":  {Credentials: client.APIKey("public", privateCanary+" ")},
		"key with an umlaut": {
			Credentials: client.APIKey("public", privateCanary+"ü"),
		},
		"API version": {Credentials: keys, APIVersion: tokenCanary},
		"header":      {Credentials: keys, UserAgent: tokenCanary + "\n"},
		"a half":      {Credentials: client.ServiceAccount("", clientCanary)},
		"token, line": {Credentials: client.AccessToken(tokenCanary + "\n")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.New(options)
			var wrong *client.UsageError
			if !errors.As(err, &wrong) {
				t.Fatalf("the error is %v", err)
			}
			for _, leak := range leaks(err) {
				t.Error(leak)
			}
		})
	}
}

// No error repeats a secret that was passed as the wrong argument.
func TestNoSecretInArguments(t *testing.T) {
	c := connect(t, "https://atlas.example", client.Options{Transport: failing{errors.New("nothing may be sent")}})
	for name, call := range map[string]func() error{
		"project": func() error { _, err := c.List(context.Background(), tokenCanary); return err },
		"type":    func() error { _, err := c.Get(context.Background(), project, tokenCanary); return err },
		"payload": func() error { _, err := client.NewPayload(`{"type":"` + tokenCanary + `"}`); return err },
		"syntax":  func() error { _, err := client.NewPayload(`{"type":` + keyCanary + `}`); return err },
		"no type": func() error { _, err := client.NewPayload(`{"secret":"` + keyCanary + `"}`); return err },
		"a view":  func() error { return client.Integration{Type: tokenCanary, JSON: []byte(canaryPayload)}.As(new(int)) },
	} {
		err := call()
		if err == nil {
			t.Errorf("%s: there is no error", name)
		}
		for _, leak := range leaks(err) {
			t.Errorf("%s: %s", name, leak)
		}
	}
}

// asNumbers are the canaries as lists of numbers and in hexadecimal digits.
var asNumbers = sync.OnceValue(func() (forms []string) {
	for _, canary := range canaries {
		for _, form := range []string{"%s", "%x", "%d", "%o", "%b"} {
			seen := strings.ToLower(fmt.Sprintf(form, []byte(canary)))
			forms = append(forms, strings.NewReplacer(" ", "", "[", "", "]", "").Replace(seen))
		}
	}
	return forms
})

// leaksAsNumbers finds secrets in a text, also as a list of numbers or characters, or in hexadecimal digits.
func leaksAsNumbers(text string) []string {
	found := leaks(errors.New(text))
	plain := strings.NewReplacer(" ", "", ",", "", "'", "", "[", "", "]", "", "0x", "", "U+00", "").Replace(strings.ToLower(text))
	for _, form := range asNumbers() {
		if strings.Contains(plain, form) {
			found = append(found, "a secret in another form")
		}
	}
	return found
}

// Digest never sends the private key, for any response of the server.
func TestPrivateKeyIsNeverSent(t *testing.T) {
	atlas, err := fakeatlas.New(fakeatlas.WithCredentials(fakeatlas.Credential{PublicKey: "public", PrivateKey: privateCanary}))
	if err != nil {
		t.Fatal(err)
	}
	base := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			if strings.Contains(strings.Join(values, " "), privateCanary) {
				t.Errorf("%s holds the private key", name)
			}
		}
		atlas.ServeHTTP(w, r)
	}))
	c := bare(t, base, client.Options{Credentials: secretLogins["digest"]})
	must[client.Integration](t)(c.Update(context.Background(), project, payload(t, datadog)))
}
