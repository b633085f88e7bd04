package doctest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// TestSeveralProjects creates the repository of docs/several-projects.md, and runs its script and the commands of its
// jobs.
func TestSeveralProjects(t *testing.T) {
	if raced {
		t.Skip("the commands are processes, which share no memory")
	}
	inRoot(t)
	const page = "docs/several-projects.md"
	script := readFile(t, "examples/projects/each.sh")
	if !strings.Contains(readFile(t, page), "\n```bash\n"+script+"```\n") {
		t.Fatalf("%s does not quote examples/projects/each.sh", page)
	}
	jobs := jobCommand.FindAllStringSubmatch(readFile(t, "examples/ci/github-projects.yml")+readFile(t, "examples/ci/gitlab-projects.yml"), -1)
	if len(jobs) != 3 {
		t.Fatalf("the jobs have the commands %q, want 3", jobs)
	}
	payload := readFile(t, "examples/payloads/v2/ops-genie.json")
	configuration := strings.Join(fenced(t, page, "yaml")[:2], "")
	atlas := fakeatlas.Start(t)
	documentedAtlas(t)
	t.Setenv("MONGODB_ATLAS_BASE_URL", atlas.URL)
	t.Chdir(t.TempDir())
	writeFile(t, ".atlasint.yaml", "rules: {plaintext-secret: off}\n")
	projects := map[string]string{"dev": "0123456789abcdef01234567", "stage": "0123456789abcdef01234568", "prod": "0123456789abcdef01234569"}
	for name, id := range projects {
		folder := filepath.Join("integrations/atlas", name)
		writeFile(t, filepath.Join(folder, ".atlasint.yaml"), strings.ReplaceAll(configuration, projects["dev"], id))
		writeFile(t, filepath.Join(folder, "ops-genie.json"), payload)
	}
	writeFile(t, "each.sh", script)

	shell(t, 0, "sh each.sh validate")
	shell(t, 1, "sh each.sh diff")
	shell(t, 0, "sh each.sh apply --yes")
	shell(t, 0, "sh each.sh diff")
	wantStored := func(name string) {
		t.Helper()
		if _, ok := atlas.Integration(projects[name], "OPS_GENIE"); !ok {
			t.Errorf("the project of %s has no integration", name)
		}
	}
	for name := range projects {
		wantStored(name)
	}
	if err := atlas.DeleteIntegration(projects["prod"], "OPS_GENIE"); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FOLDER", "integrations/atlas/prod")
	t.Setenv("MONGODB_ATLAS_PROJECT_ID", "")
	for _, job := range jobs {
		shell(t, 0, job[1])
		if strings.Contains(job[1], " apply ") {
			wantStored("prod")
			if err := atlas.DeleteIntegration(projects["prod"], "OPS_GENIE"); err != nil {
				t.Fatal(err)
			}
		}
	}
	writeFile(t, "integrations/atlas/dev/ops-genie.json", "{}")
	shell(t, 1, "sh each.sh validate") // the last project does not hide the first
}

// jobCommand matches a command of atlasint in the job of a workflow.
var jobCommand = regexp.MustCompile(`(?m)^ *- (?:run: |\./)(atlasint .*)$`)

// shell runs a command, which must exit with code.
func shell(t *testing.T, code int, command string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", command)
	cmd.Env = os.Environ()
	out, _ := cmd.CombinedOutput()
	if got := cmd.ProcessState.ExitCode(); got != code {
		t.Errorf("%s: exit code %d, want %d\n%s", command, got, code, out)
	}
}
