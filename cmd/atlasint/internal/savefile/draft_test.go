package savefile_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
)

// Files of users that begin like a draft are not drafts.
func TestIsDraft(t *testing.T) {
	file, err := savefile.CreateDraft(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	name := filepath.Base(file.Name())
	for _, name := range []string{name, savefile.DraftName()} {
		if !savefile.IsDraft(name) {
			t.Errorf("%s is not a draft", name)
		}
	}
	for _, other := range []string{
		".atlasint-draft-my.json", ".atlasint-draft-B", ".atlasint-draft-", name + ".json", name + "A", name[:len(name)-1], "x" + name,
		name + "\n", strings.ToLower(name),
	} {
		if savefile.IsDraft(other) {
			t.Errorf("%q is a draft", other)
		}
	}
}
