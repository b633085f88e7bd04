package fakeatlas_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

func TestKeyRotation(t *testing.T) {
	const project = "32b6e34b3d91647abb20e7b8"
	atlas := fakeatlas.Start(t) // on a free port, until the test ends
	if err := atlas.Seed(project, `{"type":"OPS_GENIE","apiKey":"old-key-0001","region":"EU"}`); err != nil {
		t.Fatal(err)
	}
	// The software under test: here, one request by a client that brings its credentials along.
	url := atlas.URL + "/api/atlas/v2/groups/" + project + "/integrations/OPS_GENIE"
	r, err := http.NewRequest(http.MethodPut, url, strings.NewReader(`{"type":"OPS_GENIE","apiKey":"new-key-0002"}`))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := atlas.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	stored, _ := atlas.Integration(project, "OPS_GENIE")
	if stored.Fields["apiKey"] != "new-key-0002" || stored.Fields["region"] != "EU" {
		t.Errorf("stored: %v", stored.Fields)
	}
}

func TestAutomationRetries(t *testing.T) {
	atlas := fakeatlas.Start(t) // atlas.URL is valid until the test ends
	if err := atlas.FailNext(fakeatlas.Fault{Status: 503}); err != nil {
		t.Fatal(err)
	}
	createDatadog(t, atlas.URL, atlas.Client()) // the software under test
	if _, ok := atlas.Integration(project, "DATADOG"); !ok {
		t.Errorf("Datadog is missing after %d requests", len(atlas.Requests(project)))
	}
}

func createDatadog(t *testing.T, url string, c *http.Client) {
	t.Helper()
	for status := 0; status != http.StatusOK; {
		payload := strings.NewReader(`{"type":"DATADOG","apiKey":"a3c9e17b5d204f68b0e2d4c6a8f13579"}`)
		answer, err := c.Post(url+"/api/atlas/v2/groups/"+project+"/integrations/DATADOG", "application/json", payload)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if status = answer.StatusCode; status != http.StatusOK && status != http.StatusServiceUnavailable {
			t.Fatal(answer.Status)
		}
	}
}

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// TestGoBlocksOfTheDocument compares the Go code of docs/fake.md with this file.
func TestGoBlocksOfTheDocument(t *testing.T) {
	document, err := os.ReadFile("../docs/fake.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("behavior_docs_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := goBlock.FindAllStringSubmatch(string(document), -1)
	if len(blocks) == 0 {
		t.Error("no Go code in docs/fake.md")
	}
	for _, block := range blocks {
		if !strings.Contains(string(source), block[1]) {
			t.Errorf("no test is\n%s", block[1])
		}
	}
}
