package client_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/gen/schemas"
)

// The texts of errors.
var errorTexts = []struct {
	name     string
	response http.Handler
	call     func(*client.Client) error
	want     string
}{
	{
		"of Atlas",
		respondWith(404, "application/json", `{"detail":"No group with ID `+project+` exists.","error":404,"errorCode":"GROUP_NOT_FOUND",`+
			`"parameters":["`+project+`"],"reason":"Not Found"}`),
		list, "GET " + there + ": Atlas returned 404 GROUP_NOT_FOUND: No group with ID " + project + " exists; check the project ID",
	},
	{
		"of Atlas, several faults",
		respondWith(400, "application/json", `{"error":400,"errorCode":"VALIDATION_ERROR","detail":"No.",`+
			`"badRequestDetail":{"fields":[{"field":"region","description":"unknown"},{"field":"x","description":"y"}]}}`),
		create, "POST " + there + "/DATADOG: Atlas returned 400 VALIDATION_ERROR: No; region: unknown; x: y",
	},
	{
		"of a newer Atlas",
		respondWith(418, "application/json", `{"error":"teapot","errorCode":"SHORT_AND_STOUT","detail":null,"parameters":{},"badRequestDetail":[1],"more":1}`),
		list, "GET " + there + ": Atlas returned 418 SHORT_AND_STOUT",
	},
	{
		"no challenge",
		respondWith(401, "application/json", "{\n  \"error\" : 401,\n  \"reason\" : \"Unauthorized\",\n"+
			"  \"detail\" : \"You are not authorized for this resource.\",\n  \"errorCode\" : \"UNEXPECTED_ERROR\"\n}"),
		list, "GET " + there + ": Atlas returned 401 UNEXPECTED_ERROR: You are not authorized for this resource; check the credentials",
	},
	{
		"no body", respondWith(401, "application/json", ""),
		list, "GET " + there + ": the server returned 401 with no body, without an error of Atlas; check the base URL and the kind of credentials",
	},
	{
		"no challenge and no error", respondWith(401, html, "<h1>Sign in</h1>"),
		list, "GET " + there + ": the server returned 401 with text/html, without an error of Atlas; check the base URL and the kind of credentials",
	},
	{
		"another challenge", challengeWith(`Basic realm="x"`),
		list, "GET " + there + ": Atlas returned 401 A_CODE: No; check the credentials",
	},
	{
		"a challenge without parameters", challengeWith("Digest"),
		list, "GET " + there + ": Atlas returned 401 A_CODE: No; check the credentials",
	},
	{
		"an unsupported algorithm", challengeWith(`Digest realm="x", nonce="n", algorithm=MD5-sess, qop="auth"`),
		create, "POST " + there + "/DATADOG: Atlas returned 401 A_CODE: No; check the credentials",
	},
	{
		"a response of Atlas that is no page", respondWith(200, schemas.MediaTypeV2, `{"results":[1]}`),
		list, "GET " + there + ": the server returned 200 with " + schemas.MediaTypeV2 + ", with results that are not integrations" + checkBaseURL,
	},
	{
		"a wait without end", limitedUntil("18446744073709551617"),
		list, "GET " + there + ": Atlas returned 429 RATE_LIMITED; try again in more than 11 days",
	},
	{
		"a wait until a year far ahead", limitedUntil("Fri, 31 Dec 9999 23:59:59 GMT"),
		list, "GET " + there + ": Atlas returned 429 RATE_LIMITED; try again in more than 11 days",
	},
	{
		"HTML of a proxy", respondWith(403, html, "<h1>Blocked</h1>"),
		list, "GET " + there + ": the server returned 403 with text/html, without an error of Atlas" + checkBaseURL,
	},
	{
		"a sign-in page", respondWith(200, html, "<h1>Sign in</h1>"),
		list, "GET " + there + ": the server returned 200 with text/html, instead of a page of integrations" + checkBaseURL,
	},
	{
		"a bad gateway", respondWith(502, html, "<h1>502</h1>"),
		create,
		"POST " + there + "/DATADOG: the server returned 502 with text/html, without an error of Atlas; Atlas may have made the change: " +
			"check before you send it again",
	},
	{
		"a page of something else", respondWith(200, "application/json", `{"results":[1]}`),
		list, "GET " + there + ": the server returned 200 with application/json, with results that are not integrations" + checkBaseURL,
	},
	{
		"of Atlas, a fault with its own hint",
		respondWith(400, "application/json", `{"error":400,"errorCode":"INVALID_ATTRIBUTE",`+
			`"detail":"Invalid attribute apikey specified.",`+
			`"badRequestDetail":{"fields":[{"field":"apikey","description":"unknown field; did you mean apiKey?"}]}}`),
		create,
		"POST " + there + "/DATADOG: Atlas returned 400 INVALID_ATTRIBUTE: Invalid attribute apikey specified; apikey: unknown field; did you mean apiKey?",
	},
	{
		"of Atlas, a key of another form",
		respondWith(400, "application/json", `{"error":400,"errorCode":"INVALID_INTEGRATION_SETTINGS",`+
			`"detail":"The provided settings for the DATADOG integration were invalid: apiKey must be a hexadecimal string."}`),
		create,
		"POST " + there + "/DATADOG: Atlas returned 400 INVALID_INTEGRATION_SETTINGS: The provided settings for the DATADOG integration " +
			"were invalid: apiKey must be a hexadecimal string; correct the value that the message names",
	},
	{
		"no body", respondWith(200, "application/json", ""),
		list, "GET " + there + ": the server returned 200 with no body, instead of a page of integrations" + checkBaseURL,
	},
	{
		"too large", respondWith(200, "application/json", strings.Repeat(" ", client.MaxBody+1)),
		list, "GET " + there + ": the response is larger than 8 MiB; check the base URL",
	},
	{
		"a redirect", http.RedirectHandler("https://login.example/?token=secret", http.StatusFound),
		list,
		"GET " + there + ": the server redirects to the host login.example; correct the base URL; the client follows no redirects, " +
			"so that no other host gets the credentials",
	},
	{
		"rate limited for long", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "600")
			respondWith(429, "application/json", `{"error":429,"errorCode":"RATE_LIMITED",`+
				`"detail":"Resource /x is limited to 50 requests every 1 minutes.","parameters":["/x",50,1]}`).ServeHTTP(w, r)
		}),
		list, "GET " + there + ": Atlas returned 429 RATE_LIMITED: Resource /x is limited to 50 requests every 1 minutes; try again in 10m0s",
	},
	{
		"of Atlas, 500 UNEXPECTED_ERROR", respondWith(500, "application/json", `{"error":500,"errorCode":"UNEXPECTED_ERROR"}`),
		list, "GET " + there + ": Atlas returned 500 UNEXPECTED_ERROR; try again later",
	},
	{
		"of Atlas, 503 UNEXPECTED_ERROR", respondWith(503, "application/json", `{"error":503,"errorCode":"UNEXPECTED_ERROR"}`),
		list, "GET " + there + ": Atlas returned 503 UNEXPECTED_ERROR; try again later",
	},
	{
		"of Atlas, 500 SOME_NEW_CODE", respondWith(500, "application/json", `{"error":500,"errorCode":"SOME_NEW_CODE"}`),
		list, "GET " + there + ": Atlas returned 500 SOME_NEW_CODE; try again later",
	},
	{
		"of Atlas, 404 UNEXPECTED_ERROR", respondWith(404, "application/json", `{"error":404,"errorCode":"UNEXPECTED_ERROR"}`),
		list, "GET " + there + ": Atlas returned 404 UNEXPECTED_ERROR",
	},
	{
		"of Atlas, 507 UNEXPECTED_ERROR", respondWith(507, "application/json", `{"error":507,"errorCode":"UNEXPECTED_ERROR"}`),
		list, "GET " + there + ": Atlas returned 507 UNEXPECTED_ERROR",
	},
	{
		"an unknown way to sign", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Digest realm="x`)
			w.WriteHeader(http.StatusUnauthorized)
		}),
		list, "GET " + there + ": the server requires an unsupported kind of authentication; check the base URL and the kind of credentials",
	},
}

func TestErrorTexts(t *testing.T) {
	for _, tc := range errorTexts {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.call(reach(t, tc.response, client.Options{}))
			if err == nil {
				t.Fatal("there is no error")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
