package fakectl

import (
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/internal/words"
)

func newReset(f *flags) *cobra.Command {
	var projects []string
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Remove the stored data, the journal, faults and stubs",
		Long: `Returns the server to its initial state: nothing stored, an empty journal, no faults, no stubs, no access
tokens, full token buckets, and the clock of the machine. Seeds are not stored again.

With --project, only the integrations and alert configurations of these projects, their faults and their
requests in the journal are removed. Projects and settings stay.`,
		Example: `  atlasint fake reset
  atlasint fake reset --project 5d791c84ff7a2522cc4f9aa1`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkProjects(projects); err != nil {
				return err
			}
			if err := f.change(cmd, call{method: http.MethodPost, path: "reset", query: url.Values{"project": projects}}); err != nil {
				return err
			}
			if len(projects) > 0 {
				return f.confirm(cmd, "reset "+words.Quantity(len(projects), "project"))
			}
			return f.confirm(cmd, "reset the server")
		},
	}
	cmd.Flags().StringArrayVar(&projects, "project", nil, "only this project; repeat it for more")
	return cmd
}
