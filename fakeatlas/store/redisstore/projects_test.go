package redisstore_test

import (
	"context"
	"testing"

	"github.com/alicebob/miniredis/v2"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

const other = "111111111111111111111111"

func setProject(s store.Store, id, name string) error {
	return s.UpdateProject(context.Background(), id, func(*store.Project) (store.Project, error) {
		return store.Project{ID: id, Org: other, Name: name}, nil
	})
}

// Data of another program in place of the registry is reported, and not changed.
func TestForeignRegistry(t *testing.T) {
	mini := miniredis.RunT(t)
	s, ctx := open(t, "redis://"+mini.Addr()), context.Background()
	if err := mini.Set("atlasint:registry:{projects}", "canary"); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, setProject(s, project, "a"), "set another prefix")
	mini.Del("atlasint:registry:{projects}")
	if err := setProject(s, project, "a"); err != nil {
		t.Fatal(err)
	}
	mini.HSet("atlasint:registry:{projects}", "id:"+project, "canary")
	_, err := s.Project(ctx, project)
	wantFailure(t, err, "the record of project "+project+" is damaged")
	_, err = s.Projects(ctx)
	wantFailure(t, err, "the record of project "+project+" is damaged")
	if err := s.DeleteProject(ctx, project); err != nil {
		t.Errorf("a project with a damaged record is not deleted: %v", err)
	}
	if err := setProject(s, other, "a"); err != nil {
		t.Errorf("its name is not free: %v", err)
	}
}
