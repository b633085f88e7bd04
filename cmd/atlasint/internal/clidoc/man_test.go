package clidoc_test

import (
	"bytes"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clidoc"
)

var date = time.Date(2026, 11, 22, 23, 30, 0, 0, time.FixedZone("", 3600))

// Each command of the help has a page, with all its flags and examples; the same input makes the same bytes.
func TestManPages(t *testing.T) {
	pages := clidoc.Man(cli.Tree(), date, "v0.1.0")
	root := cli.Tree()
	want := []string{"atlasint-completion.1", "atlasint.1"}
	var add func(*cobra.Command)
	add = func(parent *cobra.Command) {
		for _, c := range parent.Commands() {
			if c.Runnable() {
				want = append(want, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
			}
			add(c)
		}
	}
	add(root)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(pages))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(pages, clidoc.Man(cli.Tree(), date, "v0.1.0")); diff != "" {
		t.Error("a second time, the pages differ")
	}
	for _, want := range []string{"\n.SH \"EXIT CODES\"\n", "\n.SH \"ENVIRONMENT\"\n", "\nMONGODB_ATLAS_CLIENT_ID "} {
		if !strings.Contains(string(pages["atlasint.1"]), want) {
			t.Errorf("atlasint.1 has no %q", want)
		}
	}
	if !strings.HasPrefix(string(pages["atlasint.1"]), ".TH \"ATLASINT\" 1 \"2026\\-11\\-22\" \"atlasint v0.1.0\" ") {
		t.Errorf("atlasint.1 begins with\n%.80s", pages["atlasint.1"])
	}
}

// Text that looks like an instruction to the typesetter is escaped.
func TestManPagesEscape(t *testing.T) {
	root := &cobra.Command{Use: "tool", Short: "It's \"a\" tool", Long: ".TH of\n'br and \\fB …", Run: func(*cobra.Command, []string) {}}
	got := string(clidoc.Man(root, date, "v1")["tool.1"])
	for _, want := range []string{"\\&.TH of\n\\(aqbr and \\efB ...\n", "tool \\- It\\(aqs \"a\" tool\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// The program groff prints no warning, and prints the hyphens of flags as ASCII characters.
func TestManPagesInGroff(t *testing.T) {
	if _, err := exec.LookPath("groff"); err != nil {
		t.Skip("there is no groff to set the pages with")
	}
	for name, data := range clidoc.Man(cli.Tree(), date, "v0.1.0") {
		groff := exec.Command("groff", "-man", "-ww", "-Tascii", "-P-cbou")
		groff.Stdin = bytes.NewReader(data)
		var out, complaints bytes.Buffer
		groff.Stdout, groff.Stderr = &out, &complaints
		if err := groff.Run(); err != nil || complaints.Len() > 0 {
			t.Errorf("%s: %v\n%s", name, err, complaints.String())
		}
		if name == "atlasint-validate.1" && !strings.Contains(out.String(), "--max-findings int") {
			t.Errorf("%s has no --max-findings:\n%s", name, out.String())
		}
	}
}
