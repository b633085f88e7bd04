package fakectl

import (
	"net/http"
	"strconv"

	"github.com/spf13/cobra"
)

// stub has the fields of a stub that are printed.
type stub struct {
	ID, Method, Path       string
	Status, Times, Applied int
}

func newStubs(f *flags) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "stubs",
		Short: "List, add and remove stubs",
		Long: `Prints the stubs: responses to requests that the server has no route for. APPLIED is how many requests a stub has
responded to, TIMES how many it responds to at most.`,
		Example: `  atlasint fake stubs`,
		RunE: withoutArguments(func(cmd *cobra.Command) error {
			return show(f, cmd, call{method: http.MethodGet, path: "stubs", member: "stubs"}, stubTable)
		}),
	}
	cmd.AddCommand(newAddStub(f), newClear(f, "stubs", "stub"))
	return cmd
}

func stubTable(list struct{ Stubs []stub }) string {
	if len(list.Stubs) == 0 {
		return "no stubs\n"
	}
	rows := [][]string{{"ID", "APPLIED", "TIMES", "STATUS", "METHOD", "PATH"}}
	for _, s := range list.Stubs {
		times := "always"
		if s.Times > 0 {
			times = strconv.Itoa(s.Times)
		}
		rows = append(rows, []string{s.ID, strconv.Itoa(s.Applied), times, strconv.Itoa(s.Status), s.Method, s.Path})
	}
	return table(rows...)
}

func newAddStub(f *flags) *cobra.Command {
	return &cobra.Command{
		Use:   "add FILE",
		Short: "Add the stub in a file",
		Long: `Adds the stub in a JSON file, "-" for standard input, and prints its ID. Its members are method, path, status,
headers, body and times, as the control API documents them.`,
		Example: `  atlasint fake stubs add clusters.json`,
		Args:    exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			body, err := readJSON(cmd, args[0], "")
			if err != nil {
				return err
			}
			return show(f, cmd, call{method: http.MethodPost, path: "stubs", body: body, member: "id"}, func(added stub) string {
				return "added stub " + safe(added.ID) + "\n"
			})
		},
	}
}
