package cli_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every command rejects a kernel file that never ends or that blocks.
func TestKernelFiles(t *testing.T) {
	for _, file := range []string{"/proc/kmsg", "/proc/self/pagemap", "/proc/self/environ"} {
		in, err := os.OpenFile(file, os.O_RDONLY, 0)
		if err != nil {
			continue // not on this machine, or not for this user
		}
		_ = in.Close()
		for _, args := range [][]string{
			{"validate", "a.json"}, // with the configuration
			{"validate", "--config", "link", "b.json"},
			{"validate", "--files-from", "link"},
			{"validate", "--expand", "--config", "empty", "b.json"},
			{"drift", "link"},
			{"generate", "--package", "atlas", "-o", "link"},
			{"schema", "--all", "-o", "schemas"},
			{"serve", "--addr", "127.0.0.1:0", "--seed-dir", "seeds"},
			{"serve", "--addr", "127.0.0.1:0", "--tls-cert", "link", "--tls-key", "link"},
		} {
			t.Run(strings.Join(append(args, file), " "), func(t *testing.T) {
				t.Chdir(t.TempDir())
				link(t, file, ".atlasint.yaml")
				link(t, file, "link")
				for _, dir := range []string{"schemas/v2", "seeds/5d791c84ff7a2522cc4f9aa1"} {
					if err := os.MkdirAll(dir, 0o700); err != nil {
						t.Fatal(err)
					}
				}
				link(t, file, "seeds/5d791c84ff7a2522cc4f9aa1/a.json")
				link(t, file, "schemas/v2/DATADOG.json")
				writeFile(t, "a.json", opsGenie)
				writeFile(t, "empty", "")
				writeFile(t, "b.json", `{"type":"OPS_GENIE","apiKey":"${file:link}"}`)
				code, out, errOut := run(args...)
				if code == 0 || !strings.Contains(out+errOut, "not a regular file") {
					t.Errorf("exit code %d, stdout %.300q, stderr %.300q", code, out, errOut)
				}
			})
		}
	}
}

// A list of files can be a pipe, which is read to its end or up to the limit.
func TestListsFromPipes(t *testing.T) {
	t.Chdir(t.TempDir())
	writeNeighbors(t)
	for list, want := range map[string]struct {
		code int
		text string
	}{
		"first.json\n":                        {1, "first.json:1:9: "},
		strings.Repeat("first.json\n", 7<<20): {3, "larger than 67108864 bytes"},
	} {
		pipe(t, "list")
		go func() {
			if out, err := os.OpenFile("list", os.O_WRONLY, 0); err == nil {
				_, _ = out.WriteString(list)
				_ = out.Close()
			}
		}()
		code, out, errOut := run("validate", "--files-from", "list")
		if code != want.code || !strings.Contains(out+errOut, want.text) {
			t.Errorf("exit code %d, want %d; stdout %.300q, stderr %.300q", code, want.code, out, errOut)
		}
		_ = os.Remove("list")
	}
}

// For any value of --max-findings, a run lists a limited number of findings in limited memory. It counts all of them,
// and prints how many it omits and why.
func TestFindingsAreBounded(t *testing.T) {
	const lines, more, most = 26_000, 100, 25_000
	t.Chdir(t.TempDir())
	writeFile(t, "a.ndjson", strings.Repeat("{}\n", more))
	writeFile(t, "b.ndjson", strings.Repeat("{}\n", lines))
	for _, flags := range [][]string{nil, {"--one-project", "--rule=duplicate-type=warning"}} {
		code, out, errOut := run(append([]string{"validate", "--max-findings=1000000", "--format=json", "b.ndjson", "a.ndjson"}, flags...)...)
		got := new(parsedReport)
		if err := json.Unmarshal([]byte(out), got); err != nil {
			t.Fatal(err)
		}
		if code != 1 || errOut != "" {
			t.Errorf("%q: exit code %d, want 1; stderr is %q", flags, code, errOut)
		}
		if diff := cmp.Diff([]int{lines + more, most}, []int{got.Summary.Errors, len(got.Findings)}); diff != "" {
			t.Errorf("%q: errors, listed findings (-want +got):\n%s", flags, diff)
		}
		if got.message("b.ndjson") == "" {
			t.Errorf("%q: no finding of b.ndjson is listed", flags)
		}
		if message := got.message("a.ndjson"); message != "" {
			t.Errorf("%q: a finding of a.ndjson is listed: %s", flags, message)
		}
	}
	_, out, _ := run("validate", "--max-findings=1000000", "--quiet", "b.ndjson", "a.ndjson")
	for _, want := range []string{
		"… and 1000 more errors in b.ndjson; a report lists at most 25000 findings\n",
		"… and 100 more errors in a.ndjson; a report lists at most 25000 findings\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q", want)
		}
	}
}

// The types of payloads are kept up to the limit of findings; further duplicates are counted.
func TestDuplicateTypesAreBounded(t *testing.T) {
	const lines = 20_000
	input := strings.Repeat(opsGenie+"\n", lines) + `{"type":"WEBHOOK","url":"https://hooks.example.com"}` + "\n"
	t.Chdir(t.TempDir())
	writeFile(t, "webhook.json", `{"type":"WEBHOOK","url":"https://hooks.example.com"}`)
	for limit, listed := range map[string]int{"1": 2, "100": 101} { // one of the second file
		got := validateStdin(t, input, "--one-project", "--ndjson", "--max-findings", limit, "-", "webhook.json")
		if got.Summary.Errors != lines || len(got.Findings) != listed {
			t.Errorf("limit %s: %+v, %d findings", limit, got.Summary, len(got.Findings))
		}
	}
}
