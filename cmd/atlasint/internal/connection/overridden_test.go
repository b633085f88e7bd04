package connection_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// A note names the source that overrides the project of the configuration, unless that is a flag. A command that may
// change the project fails instead.
func TestOverriddenProject(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the folder of profiles is elsewhere")
	}
	const configured, other = "5d791c84ff7a2522cc4f9aa1", "5d791c84ff7a2522cc4f9aa2"
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.Mkdir("dev", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("dev/.atlasint.yaml", []byte("groupId: "+configured), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := workspace.FindConfig("dev/.atlasint.yaml")
	if err != nil {
		t.Fatal(err)
	}
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
		profile, variable, flag, note, fails string
	}{
		{profile: "other", note: file, fails: file + "), but dev/.atlasint.yaml sets groupId " + configured + "; use a profile without a project"},
		{
			variable: other, note: "MONGODB_ATLAS_PROJECT_ID",
			fails: "MONGODB_ATLAS_PROJECT_ID), but dev/.atlasint.yaml sets groupId " + configured + "; unset MONGODB_ATLAS_PROJECT_ID",
		},
		{profile: "same", variable: other}, {flag: other}, {flag: other, profile: "other"}, {flag: other, variable: other},
		{variable: configured}, {},
	} {
		t.Setenv(connection.ProjectVariable, tc.variable)
		for _, changes := range []bool{false, true} {
			var notes []string
			s := connection.Settings{Profile: tc.profile, Project: tc.flag, Timeout: time.Minute, Changes: changes}
			conn, err := s.Connect(config, func(text string) { notes = append(notes, text) })
			switch {
			case err == nil:
				conn.Close()
			case err.Error() == "the project is "+other+" ("+tc.fails+", or add --project ID" && problem.KindOf(err) == problem.Input:
				notes = append(notes, "failed")
			default:
				t.Errorf("%+v: %v", tc, err)
				continue
			}
			var want []string
			switch {
			case tc.note == "":
			case changes:
				want = []string{"failed"}
			default:
				want = []string{tc.note + " overrides groupId of dev/.atlasint.yaml"}
			}
			if diff := cmp.Diff(want, notes); diff != "" {
				t.Errorf("%+v, changes=%t (-want +got)\n%s", tc, changes, diff)
			}
		}
	}
}
