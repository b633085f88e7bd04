package doctest_test

import (
	"encoding/json"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

const pythonPage = "docs/clients.md"

// TestPython runs the program in Python of docs/clients.md.
func TestPython(t *testing.T) {
	inRoot(t)
	if exec.CommandContext(t.Context(), "python3", "-c", "import requests").Run() != nil {
		t.Skip("python3 with requests is not installed")
	}
	atlas := fakeatlas.Start(t)
	program := strings.Join(fenced(t, pythonPage, "python"), "")
	program = strings.ReplaceAll(program, "http://127.0.0.1:8080", atlas.URL)
	for range 2 { // creates, then updates
		out, err := exec.CommandContext(t.Context(), "python3", "-c", program).CombinedOutput()
		if err != nil || !regexp.MustCompile(`^OPS_GENIE [0-9a-f]{24}\n$`).Match(out) {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if _, ok := atlas.Integration(projectID, "OPS_GENIE"); !ok {
		t.Error("nothing is stored")
	}
}

// TestPythonOfConsole compares the program in Python of the console with that of docs/clients.md.
func TestPythonOfConsole(t *testing.T) {
	inRoot(t)
	_, program, found := strings.Cut(readFile(t, "fakeatlas/console/static/lib/snippets.js"), "return `# pip install requests\n${known ? '' : 'import os\\n\\n'}")
	program, _, _ = strings.Cut(program, "`;\n")
	quoted := func(text string) string {
		data, _ := json.Marshal(text)
		return string(data)
	}
	program = strings.NewReplacer(
		"${login}", quoted(fakeatlas.DefaultAPIKey.PublicKey)+", "+quoted(fakeatlas.DefaultAPIKey.PrivateKey),
		"${mediaType}", "application/vnd.atlas.2023-01-01+json",
		"${JSON.stringify(`${baseURL}/api/atlas/v2/groups/${project}/integrations`)}", quoted("http://127.0.0.1:8080/api/atlas/v2/groups/"+projectID+"/integrations"),
	).Replace(program)
	if want := strings.Join(fenced(t, pythonPage, "python"), ""); !found || program+"\n" != want {
		t.Errorf("the console has\n%s\nwant\n%s", program, want)
	}
}
