package clidoc_test

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/clidoc"
)

// The manual hides everything that the help hides.
func TestHiddenCommandsAreNotDocumented(t *testing.T) {
	root := &cobra.Command{Use: "tool", Long: "A tool."}
	run := func(*cobra.Command, []string) {}
	shown := &cobra.Command{Use: "shown", Short: "Is shown", Run: run}
	shown.Flags().Bool("open", false, "an open flag")
	shown.Flags().Bool("covert", false, "a covert flag")
	if err := shown.Flags().MarkHidden("covert"); err != nil {
		t.Fatal(err)
	}
	root.AddCommand(shown, &cobra.Command{Use: "secretive", Short: "Is not shown", Run: run, Hidden: true})
	page := string(clidoc.Markdown(root))
	for word, want := range map[string]bool{"tool shown": true, "--open": true, "covert": false, "secretive": false} {
		if strings.Contains(page, word) != want {
			t.Errorf("%q is on the page: %v, want %v", word, !want, want)
		}
	}
}
