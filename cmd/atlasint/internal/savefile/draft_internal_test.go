package savefile

import (
	"os"
	"path/filepath"
	"testing"
)

// Signals are released once, also if a caller discards a draft that could not be published.
func TestDraftReleasesSignalsOnce(t *testing.T) {
	for name, end := range map[string]func(d *Draft) error{
		"published and discarded": func(d *Draft) error { defer d.Discard(); return d.Publish(nil, 0o600) },
		"not published": func(d *Draft) error {
			defer d.Discard()
			if err := os.Mkdir(d.path, 0o700); err != nil {
				return err
			}
			if d.Publish(nil, 0o600) == nil {
				t.Error("a folder was replaced")
			}
			return nil
		},
		"discarded twice": func(d *Draft) error { d.Discard(); d.Discard(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			draft, err := NewDraft(filepath.Join(t.TempDir(), "file"))
			if err != nil {
				t.Fatal(err)
			}
			released, release := 0, draft.release
			draft.release = func() { released++; release() }
			if err := end(draft); err != nil {
				t.Fatal(err)
			}
			if released != 1 {
				t.Errorf("released %d times, want 1", released)
			}
		})
	}
}
