package fakeatlas_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas"
)

func TestKeyRotation(t *testing.T) {
	const project = "32b6e34b3d91647abb20e7b8"
	atlas := fakeatlas.Start(t) // on a free port, until the test ends
	if err := atlas.Seed(project, `{"type":"OPS_GENIE","apiKey":"old-key-0001","region":"EU"}`); err != nil {
		t.Fatal(err)
	}
	// The software under test: here, one request by a client with its own credentials.
	url := atlas.URL + "/api/atlas/v2/groups/" + project + "/integrations/OPS_GENIE"
	r, err := http.NewRequest(http.MethodPut, url, strings.NewReader(`{"type":"OPS_GENIE","apiKey":"new-key-0002"}`))
	if err != nil {
		t.Fatal(err)
	}
	response, err := atlas.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	stored, _ := atlas.Integration(project, "OPS_GENIE")
	if stored.Fields["apiKey"] != "new-key-0002" || stored.Fields["region"] != "EU" {
		t.Errorf("stored: %v", stored.Fields)
	}
}

const project = "32b6e34b3d91647abb20e7b8"

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

// createDatadog is the software under test. It repeats its request while Atlas is unavailable.
func createDatadog(t *testing.T, url string, client *http.Client) {
	for status := http.StatusServiceUnavailable; status == http.StatusServiceUnavailable; {
		payload := strings.NewReader(`{"type":"DATADOG","apiKey":"a3c9e17b5d204f68b0e2d4c6a8f13579"}`)
		response, err := client.Post(url+"/api/atlas/v2/groups/"+project+"/integrations/DATADOG", "application/json", payload)
		if err != nil {
			t.Error(err)
			return
		}
		response.Body.Close()
		if status = response.StatusCode; status >= 400 && status != http.StatusServiceUnavailable {
			t.Error(response.Status)
		}
	}
}

func TestAutomationOutlastsAnOutage(t *testing.T) {
	atlas := fakeatlas.Start(t)
	outage, err := atlas.InjectFault(fakeatlas.Fault{Type: "DATADOG", Status: 503}) // until RemoveFault
	if err != nil {
		t.Fatal(err)
	}
	var automation sync.WaitGroup
	automation.Go(func() { createDatadog(t, atlas.URL, atlas.Client()) })
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err = atlas.WaitForRequest(ctx, func(r fakeatlas.Request) bool { return r.Method == "POST" && r.Fault == outage })
	atlas.RemoveFault(outage)
	if err != nil {
		t.Fatal(err)
	}
	automation.Wait()
	if _, ok := atlas.Integration(project, "DATADOG"); !ok {
		t.Errorf("Datadog is missing after %d requests", len(atlas.Requests(project)))
	}
}

func TestProjectThatDoesNotExist(t *testing.T) {
	atlas := fakeatlas.Start(t, fakeatlas.WithProjects("32b6e34b3d91647abb20e7b8"), fakeatlas.WithoutControl())
	response, err := atlas.Client().Get(atlas.URL + "/api/atlas/v2/groups/ffffffffffffffffffffffff/integrations")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Error(response.Status)
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

// TestFunctionsOfTheDocument looks for the methods of a server in the table of docs/fake.md.
func TestFunctionsOfTheDocument(t *testing.T) {
	document, err := os.ReadFile("../docs/fake.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(document), "## Functions\n")
	table, _, _ = strings.Cut(table, "\n\n")
	for method := range reflect.TypeFor[*fakeatlas.Server]().Methods() {
		if method.Name != "Format" && !regexp.MustCompile("`"+method.Name+"[(`]").MatchString(table) {
			t.Errorf("the table lacks %s", method.Name)
		}
	}
}

// TestOptionsOfTheDocument looks for the functions that return an option in the table of docs/fake.md.
func TestOptionsOfTheDocument(t *testing.T) {
	document, err := os.ReadFile("../docs/fake.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(document), "## Options\n")
	table, _, _ = strings.Cut(table, "## ")
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, option := range optionFunction.FindAllStringSubmatch(string(source), -1) {
			if found++; !strings.Contains(table, "\n| `"+option[1]+"(") {
				t.Errorf("the table lacks %s", option[1])
			}
		}
	}
	if rows := strings.Count(table, "\n| `With"); found == 0 || rows != found {
		t.Errorf("%d options, and %d rows of the table", found, rows)
	}
}

var optionFunction = regexp.MustCompile(`(?m)^func (With\w+)\(.*\) Option \{`)
