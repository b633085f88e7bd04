package workspace_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// Of a link and its target, the target stays, whichever the list has first.
func TestUniqueKeepsTargetsOfLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("t.json", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, link := range []string{"l.json", "m.json"} {
		if err := os.Symlink("t.json", link); err != nil {
			t.Skip(err)
		}
	}
	for _, test := range []struct{ files, want []string }{
		{[]string{"l.json", "t.json"}, []string{"t.json"}},
		{[]string{"t.json", "l.json"}, []string{"t.json"}},
		{[]string{"l.json", "other.json", "./t.json", "m.json"}, []string{"./t.json", "other.json"}},
		{[]string{"l.json", "m.json"}, []string{"l.json"}},
	} {
		if diff := cmp.Diff(test.want, workspace.Unique(test.files, func(string) string { return "" })); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	byName := func(file string) string { return file }
	if got := workspace.Unique([]string{"l.json", "t.json"}, byName); len(got) != 2 {
		t.Errorf("files with different keys: %q", got)
	}
}
