package openapi_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/corpus"
)

// published is one JSON object of the pages that the documents were written from.
type published struct {
	file, apiVersion, kind string
	value                  any
}

// The pages were published by Atlas, so every example in them has to be valid by our documents. Their
// payloads are shown masked, as responses are; only what a curl command sends is a request.
func TestPublishedExamplesAreValid(t *testing.T) {
	all := publishedExamples(t)
	responses := map[string]validatorPair{}
	for _, doc := range documents(t) {
		responses[doc.apiVersion] = doc.responses(t)
	}
	pointers := map[string]string{
		"integration": unionSchema,
		"page":        "/components/schemas/IntegrationPage",
		"error":       "/components/schemas/ApiError",
		"request":     unionSchema,
	}
	count := map[string]int{}
	for _, p := range all {
		count[p.apiVersion+" "+p.kind]++
		if pointers[p.kind] == "" {
			t.Errorf("%s: an object of no known kind", p.file)
			continue
		}
		if err := responses[p.apiVersion].check(pointers[p.kind], p.value); err != nil {
			t.Errorf("%s: %s: %v", p.file, p.kind, err)
		}
		if p.kind != "request" {
			continue
		}
		if err := checkRequest(t, p.apiVersion, p.value); err != nil {
			t.Errorf("%s: request: %v", p.file, err)
		}
	}
	want := map[string]int{"v1.0 request": 3, "v1.0 page": 3, "v2 integration": 18, "v2 page": 2, "v2 error": 11}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Errorf("found (-expected +found):\n%s", diff)
	}
}

func publishedExamples(t *testing.T) (all []published) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, "seeds"), "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		apiVersion := schemas.V1
		if bytes.Contains(text, []byte("/api/atlas/v2/")) {
			apiVersion = schemas.V2
		}
		all = append(all, jsonObjects(filepath.Base(file), apiVersion, text)...)
	}
	return all
}

// jsonObjects finds the JSON objects in prose: one at each brace that opens a complete object. An
// empty one is Go code.
func jsonObjects(file, apiVersion string, text []byte) (found []published) {
	for i := 0; i < len(text); i++ {
		if text[i] != '{' {
			continue
		}
		dec := json.NewDecoder(bytes.NewReader(text[i:]))
		dec.UseNumber()
		var value map[string]any
		if err := dec.Decode(&value); err != nil || len(value) == 0 {
			continue
		}
		sent := strings.HasSuffix(string(text[:i]), "-d '")
		found = append(found, published{file, apiVersion, kindOf(value, sent), value})
		i += int(dec.InputOffset()) - 1
	}
	return found
}

func kindOf(value map[string]any, sent bool) string {
	has := func(name string) bool { _, ok := value[name]; return ok }
	switch {
	case sent:
		return "request"
	case has("results"):
		return "page"
	case has("errorCode"):
		return "error"
	case has("type"):
		return "integration"
	}
	return ""
}
