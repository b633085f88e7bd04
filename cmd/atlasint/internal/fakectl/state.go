package fakectl

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/internal/words"
)

// state is a masked snapshot.
type state struct {
	Projects map[string]struct {
		Project      *struct{ Name string }
		Deleted      bool
		Integrations []struct {
			Type   string
			Fields map[string]any
		}
		Alerts []any
	}
}

func newState(f *flags) *cobra.Command {
	var projects []string
	cmd := &cobra.Command{
		Use:   "state",
		Short: "Print the stored data with its secrets masked",
		Long: `Prints the projects with stored data, their integrations, and how many alert configurations they have; --json
prints all data. Secrets are masked. To save the data with secrets, use atlasint fake snapshot save.`,
		Example: `  atlasint fake state
  atlasint fake state --project 5d791c84ff7a2522cc4f9aa1 --json`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkProjects(projects); err != nil {
				return err
			}
			query := url.Values{"masked": {"true"}, "project": projects}
			return show(f, cmd, call{method: http.MethodGet, path: "state", query: query, member: "projects", maxResponse: maxSnapshot}, func(s state) string {
				if len(s.Projects) == 0 {
					return nothingStored(len(projects))
				}
				return s.text()
			})
		},
	}
	cmd.Flags().StringArrayVar(&projects, "project", nil, "only this project; repeat it for more")
	return cmd
}

// nothingStored returns the text for a response without projects. The filter names n projects.
func nothingStored(n int) string {
	switch n {
	case 0:
		return "nothing is stored\n"
	case 1:
		return "nothing is stored for this project\n"
	}
	return "nothing is stored for these projects\n"
}

func (s state) text() string {
	var out strings.Builder
	for _, id := range slices.Sorted(maps.Keys(s.Projects)) {
		p := s.Projects[id]
		title := safe(id)
		if p.Project != nil && p.Project.Name != "" {
			title += "  " + safe(p.Project.Name)
		}
		if p.Deleted {
			title += "  deleted"
		}
		fmt.Fprintln(&out, title)
		for _, in := range p.Integrations {
			fmt.Fprintln(&out, "  "+safe(in.Type))
			var rows [][]string
			for _, name := range slices.Sorted(maps.Keys(in.Fields)) {
				rows = append(rows, []string{"    " + safe(name), valueText(in.Fields[name])})
			}
			out.WriteString(table(rows...))
		}
		if len(p.Alerts) > 0 {
			fmt.Fprintln(&out, "  "+words.Quantity(len(p.Alerts), "alert configuration"))
		}
	}
	return out.String()
}

// valueText returns a text without quotes, and any other value as JSON.
func valueText(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	return compact(value)
}
