package usage_test

import (
	"testing"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
)

func TestSetFlags(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"--yes"}, ""},
		{[]string{"--api", "v1.0"}, " --api v1.0"},
		{
			[]string{"--config", "my dir/it's.yaml", "--plain-http", "--base-url", "http://atlas.example:8080/"},
			` --base-url http://atlas.example:8080/ --config 'my dir/it'\''s.yaml' --plain-http`,
		},
		{[]string{"--plain-http=false"}, ""},
		{[]string{"--base-url", "https://atlas.example/secret-token"}, " --base-url URL"},
		{[]string{"--base-url", "https://user:password@atlas.example"}, " --base-url URL"},
		{[]string{"--base-url", "https://atlas.example?token=secret"}, " --base-url URL"},
	} {
		cmd := &cobra.Command{Use: "x"}
		for _, name := range []string{"api", "project", "base-url", "config"} {
			cmd.Flags().String(name, "", "")
		}
		cmd.Flags().Bool("plain-http", false, "")
		cmd.Flags().Bool("yes", false, "")
		if err := cmd.ParseFlags(tc.args); err != nil {
			t.Fatal(err)
		}
		if got := usage.SetFlags(cmd); got != tc.want {
			t.Errorf("%q: got %q, want %q", tc.args, got, tc.want)
		}
	}
}
