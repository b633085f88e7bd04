package filestore_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

func setProject(t *testing.T, s store.Store, id, name string) error {
	return s.UpdateProject(t.Context(), id, func(*store.Project) (store.Project, error) { return store.Project{ID: id, Org: "o", Name: name}, nil })
}

// With one more than it may remember, a store forgets the oldest deleted project.
func TestDeletedProjectsAreBounded(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "file"))
	state := store.State{}
	for n := range record.MaxDeleted {
		state[fmt.Sprintf("%024x", n)] = store.Contents{Deleted: true}
	}
	if err := errors.Join(s.Restore(t.Context(), state), s.DeleteProject(t.Context(), project)); err != nil {
		t.Fatal(err)
	}
	got, err := s.Snapshot(t.Context())
	if err != nil || len(got) != record.MaxDeleted || !got[project].Deleted {
		t.Errorf("%d deleted projects, %v", len(got), err)
	}
	for id := range state {
		if _, kept := got[id]; !kept {
			if _, err := s.List(t.Context(), id); err != nil {
				t.Errorf("the oldest: %v", err)
			}
		}
	}
}

// A damaged record of a project is an error, and the project can be deleted.
func TestDamagedProject(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	s := open(t, path)
	if err := setProject(t, s, project, "a"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bolt(t, path, func(tx *bbolt.Tx) error { return tx.Bucket([]byte("projects")).Put([]byte(project), []byte("canary")) })
	s = open(t, path)
	_, err := s.Project(t.Context(), project)
	wantFailure(t, err, "the record of project "+project+" is damaged")
	_, err = s.Projects(t.Context())
	wantFailure(t, err, "is damaged")
	wantFailure(t, setProject(t, s, project, "b"), "is damaged")
	if err := errors.Join(s.DeleteProject(t.Context(), project), setProject(t, s, "111111111111111111111111", "a")); err != nil {
		t.Errorf("the damaged project or its name stays: %v", err)
	}
}
