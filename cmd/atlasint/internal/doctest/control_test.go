package doctest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// TestControlRequestsAreDocumented compares the requests in docs/serve.md with those in the OpenAPI document of the
// control API.
func TestControlRequestsAreDocumented(t *testing.T) {
	inRoot(t)
	description, err := os.ReadFile("fakeatlas/internal/control/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]any
	}
	if err := yaml.Unmarshal(description, &doc); err != nil {
		t.Fatal(err)
	}
	var described, documented []string
	for path, item := range doc.Paths {
		for method := range item {
			described = append(described, strings.ToUpper(method)+" "+strings.Replace(path[1:], "{id}", "ID", 1))
		}
	}
	text, err := os.ReadFile("docs/serve.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Control API\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, row := range regexp.MustCompile(`(?m)^\| (`+"`"+`.*) \|.*\|$`).FindAllStringSubmatch(section, -1) {
		documented = append(documented, strings.Split(strings.Trim(row[1], "`"), "`, `")...)
	}
	slices.Sort(described)
	slices.Sort(documented)
	if !slices.Equal(described, documented) {
		t.Errorf("described: %v\ndocumented: %v", described, documented)
	}
}

// TestDocumentedControl runs the commands for the control API in docs/serve.md and docs/stubs.md in their order. They
// leave a server without faults.
func TestDocumentedControl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl")
	}
	inRoot(t)
	s := serve(t, t.TempDir(), "atlasint serve")
	script := []string{"set -e"}
	for _, line := range append(fenced(t, "docs/serve.md", "sh"), fenced(t, "docs/stubs.md", "sh")...) {
		switch {
		case strings.HasPrefix(line, "CONTROL="):
			script = append(script, "CONTROL="+s.url+"/_atlasint")
		case strings.Contains(line, "$CONTROL"):
			script = append(script, strings.Replace(line, "curl ", "curl --fail-with-body --silent --show-error ", 1))
		}
	}
	if len(script) < 14 {
		t.Fatalf("found %d commands", len(script))
	}
	cmd := exec.Command("sh", "-c", strings.Join(script, "\n"))
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if left := get(t, s.url+"/_atlasint/faults"); string(left) != `{"faults":[]}` {
		t.Errorf("the faults: %s", left)
	}
	s.stop(t)
}

// TestDocumentedProjects runs the commands in docs/projects.md and docs/alerts.md, and compares the methods and the
// statuses in the journal.
func TestDocumentedProjects(t *testing.T) {
	for _, program := range []string{"curl", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("there is no " + program)
		}
	}
	inRoot(t)
	s := serve(t, t.TempDir(), "atlasint serve --no-auth --lenient-accept")
	var script []string
	for _, line := range append(fenced(t, "docs/projects.md", "sh"), fenced(t, "docs/alerts.md", "sh")...) {
		if !strings.HasPrefix(line, "atlasint serve ") {
			script = append(script, strings.Replace(line, "http://127.0.0.1:8080", s.url, 1))
		}
	}
	if out, err := exec.Command("sh", "-c", strings.Join(script, "")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	var journal struct {
		Requests []struct {
			Method, ErrorCode string
			Status            int
		}
	}
	if err := json.Unmarshal(get(t, s.url+"/_atlasint/requests"), &journal); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range journal.Requests {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %d %s", r.Method, r.Status, r.ErrorCode)))
	}
	want := []string{"POST 201", "POST 200", "DELETE 202", "POST 200", "POST 201", "DELETE 400 WEBHOOK_NOTIFICATIONS_PRESENT"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
