package savefile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
)

// Files of users that begin like a draft are not drafts.
func TestIsDraft(t *testing.T) {
	name := savefile.DraftName()
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

// Errors wrap their cause, and don't name the draft.
func TestErrorsWrapTheirCause(t *testing.T) {
	file := filepath.Join(t.TempDir(), "missing", "file")
	_, draftErr := savefile.NewDraft(file)
	for name, err := range map[string]error{
		"NewDraft": draftErr,
		"Save":     savefile.Save(file, nil, true),
		"Replace":  savefile.Replace(file, nil),
	} {
		if !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "draft") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A draft becomes the file as a whole, with its mode. If that fails or it is discarded, the folder is as before.
func TestDraftIsPublishedOrRemoved(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	for _, text := range []string{"first", "second"} {
		draft, err := savefile.NewDraft(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := draft.Publish([]byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if data, _ := os.ReadFile(file); string(data) != text {
			t.Errorf("the file is %q, want %q", data, text)
		}
		if runtime.GOOS != "windows" && info.Mode() != 0o640 {
			t.Errorf("the mode is %v, want 0640", info.Mode())
		}
	}
	discarded, err := savefile.NewDraft(file)
	if err != nil {
		t.Fatal(err)
	}
	discarded.Discard()
	if err := os.MkdirAll(filepath.Join(folder, "full", "of", "files"), 0o700); err != nil {
		t.Fatal(err)
	}
	failed, err := savefile.NewDraft(filepath.Join(folder, "full"))
	if err != nil {
		t.Fatal(err)
	}
	if err := failed.Publish(nil, 0o600); err == nil {
		t.Error("a folder is replaced")
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 2 {
		t.Errorf("%v, %v", left, err)
	}
	if _, err := savefile.NewDraft(filepath.Join(folder, "missing", "file")); err == nil {
		t.Error("a draft in a missing folder")
	}
}
