package fakeatlas_test

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas"
)

const exampleProject = "32b6e34b3d91647abb20e7b8"

// fetch prints the status and the error code of the response to a GET request.
func fetch(c *http.Client, url string) {
	resp, err := c.Get(url)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status, resp.Header.Get("X-Error-Code"))
}

// exampleT replaces the *testing.T of a test.
type exampleT struct{ cleanups []func() }

func (*exampleT) Helper()                           {}
func (*exampleT) Fatalf(format string, args ...any) { fmt.Printf(format, args...) }
func (t *exampleT) Cleanup(f func())                { t.cleanups = append(t.cleanups, f) }

func (t *exampleT) end() {
	for _, f := range t.cleanups {
		f()
	}
}

// In a test, Start(t) starts a server on a free port and stops it at the end of the test.
func ExampleStart() {
	t := &exampleT{}
	defer t.end() // go test does it

	atlas := fakeatlas.Start(t)
	// Pass atlas.URL and credentials, such as those of fakeatlas.DefaultAPIKey, to the software under test.
	// The server rejects a request without credentials:
	resp, err := http.Get(atlas.URL + "/api/atlas/v2/groups/" + exampleProject + "/integrations")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status)
	// Output:
	// 401 Unauthorized
}

// FailNext makes the next request fail, to test whether a client tries again.
func ExampleServer_FailNext() {
	atlas, err := fakeatlas.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	err = atlas.FailNext(fakeatlas.Fault{Project: exampleProject, ErrorCode: "RATE_LIMITED", RetryAfter: time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	url := "https://cloud.mongodb.com/api/atlas/v2/groups/" + exampleProject + "/integrations/DATADOG"
	fetch(atlas.Client(), url)
	fetch(atlas.Client(), url)
	// Output:
	// 429 Too Many Requests RATE_LIMITED
	// 404 Not Found INTEGRATION_NOT_CONFIGURED
}

// Requests returns the requests that the server received, with masked secrets.
func ExampleServer_Requests() {
	atlas, err := fakeatlas.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	url := "https://cloud.mongodb.com/api/atlas/v2/groups/" + exampleProject + "/integrations/OPS_GENIE"
	resp, err := atlas.Client().Post(url, "application/json", strings.NewReader(`{"type":"OPS_GENIE","apiKey":"no-real-key-1234"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	for _, r := range atlas.Requests(exampleProject) {
		fmt.Println(r.Method, r.Type, r.Status, r.Body["apiKey"])
	}
	in, _ := atlas.Integration(exampleProject, "OPS_GENIE")
	fmt.Println("stored:", in.Fields["apiKey"])
	// Output:
	// POST OPS_GENIE 200 ************1234
	// stored: no-real-key-1234
}

// Without a listener, no request leaves the process, with any address.
func ExampleServer_Transport() {
	atlas, err := fakeatlas.New(fakeatlas.WithoutAuth(), fakeatlas.WithChoices(fakeatlas.Choices{LenientAccept: true}))
	if err != nil {
		fmt.Println(err)
		return
	}
	err = atlas.Seed(exampleProject, `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"EU"}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	c := &http.Client{Transport: atlas.Transport()}
	resp, err := c.Get("https://cloud.mongodb.com/api/atlas/v2/groups/" + exampleProject + "/integrations/DATADOG")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	fmt.Println(resp.Status, resp.Header.Get("Content-Type"))
	// Output:
	// 200 OK application/vnd.atlas.2023-01-01+json;charset=utf-8
}

func ExampleWithCredentials() {
	server, err := fakeatlas.New(fakeatlas.WithCredentials(
		fakeatlas.Credential{PublicKey: "writer", PrivateKey: "not-a-real-key"},
		fakeatlas.Credential{ClientID: "reader", ClientSecret: "not-a-real-secret", Role: "ORG_READ_ONLY"},
		fakeatlas.Credential{ClientID: "elsewhere", ClientSecret: "not-a-real-secret", AccessList: []string{"192.0.2.0/24"}},
	))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(server)
	// Output: fake Atlas
}
