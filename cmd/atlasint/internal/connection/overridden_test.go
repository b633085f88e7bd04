package connection_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// A note names the source that overrides the project of the configuration, unless that is a flag.
func TestOverriddenProject(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the folder of profiles is elsewhere")
	}
	const configured, other = "5d791c84ff7a2522cc4f9aa1", "5d791c84ff7a2522cc4f9aa2"
	folder := t.TempDir()
	file := filepath.Join(folder, "atlascli", "config.toml")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("[other]\nproject_id = '"+other+"'\n[same]\nproject_id = '"+configured+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", folder)
	t.Setenv("MONGODB_ATLAS_ACCESS_TOKEN", "token")
	for _, tc := range []struct {
		profile, variable, flag, want string
	}{
		{profile: "other", want: file + " overrides groupId of .atlasint.yaml"},
		{variable: other, want: "MONGODB_ATLAS_PROJECT_ID overrides groupId of .atlasint.yaml"},
		{profile: "same", variable: other}, {flag: other}, {flag: other, profile: "other"}, {},
	} {
		t.Setenv(connection.ProjectVariable, tc.variable)
		var notes []string
		s := connection.Settings{Profile: tc.profile, Project: tc.flag, Timeout: time.Minute}
		conn, err := s.Connect(&workspace.Config{GroupID: configured}, func(text string) { notes = append(notes, text) })
		if err != nil {
			t.Errorf("%+v: %v", tc, err)
			continue
		}
		conn.Close()
		var want []string
		if tc.want != "" {
			want = []string{tc.want}
		}
		if diff := cmp.Diff(want, notes); diff != "" {
			t.Errorf("%+v (-want +got)\n%s", tc, diff)
		}
	}
}
