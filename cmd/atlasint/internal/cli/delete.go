package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/listing"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

type deleteFlags struct {
	connect     connectFlags
	api, config string
	yes         bool
}

func newDelete() *cobra.Command {
	var f deleteFlags
	cmd := &cobra.Command{
		Use:   "delete TYPE",
		Short: "Delete the integration of a type from a project",
		Long: `Deletes the integration of a type from a project, after you confirm. Atlas does not return secrets, so you
can create the integration again only from a payload that contains them.
` + credentialHelp + `

Exit codes: 0 deleted, 1 no such integration, rejected by Atlas, or you declined, 2 usage error, 3 runtime
failure: network, server error, too many requests, or no such project. Denied access is 1.`,
		Example:           "  atlasint delete DATADOG\n  atlasint delete FLOWDOCK --api v1.0 --yes",
		Args:              exactlyOneType,
		ValidArgsFunction: completeType(&f.api),
		RunE:              func(cmd *cobra.Command, args []string) error { return f.run(cmd, atlas.TypeName(args[0])) },
	}
	configuredAPIFlag(cmd, &f.api)
	configFlag(cmd, &f.config)
	f.connect.register(cmd)
	cmd.Flags().BoolVarP(&f.yes, "yes", "y", false, "delete without confirmation")
	return cmd
}

func (f *deleteFlags) run(cmd *cobra.Command, typ string) error {
	defer stopsignal.IgnoreClosedPipe()()
	f.connect.settings.Changes = true
	conn, err := connectTo(cmd, &f.connect, &f.api, f.config)
	if err != nil {
		return err
	}
	defer conn.Close()
	switch {
	case !slices.Contains(validation.TypeNames(f.api), typ):
		return validation.UnknownType(f.api, typ)
	case !f.yes && !terminal.CanConfirm(cmd.InOrStdin()):
		return problem.Inputf("no terminal for the confirmation; add --yes to delete %s", typ)
	}
	c, err := conn.Client(f.api)
	if err != nil {
		return err
	}
	if !f.yes {
		if err := f.consent(cmd, c, conn, typ); err != nil {
			return err
		}
	}
	ctx, release := conn.StopOnSignals(cmd.Context())
	defer release()
	if err := c.Delete(ctx, conn.Project, typ); err != nil {
		return deleteError(cmd, err, typ)
	}
	return problem.Output(f.writeResult(cmd.OutOrStdout(), conn, typ), typ+" was deleted")
}

// consent prints the integration and requires confirmation.
func (f *deleteFlags) consent(cmd *cobra.Command, c *client.Client, conn *connection.Connection, typ string) error {
	in, err := c.Get(cmd.Context(), conn.Project, typ)
	if err != nil {
		return deleteError(cmd, err, typ)
	}
	if err := problem.Output(listing.WriteIntegrations(cmd.OutOrStdout(), f.api, []client.Integration{in})); err != nil {
		return err
	}
	return confirm(cmd, fmt.Sprintf("Delete %s of project %s at %s%s?", typ, conn.Project, redact.Line(conn.Host), apply.DeletionNote(f.api, typ)))
}

// writeResult prints the deleted type, and with --yes also the project and the server, which no question has named.
func (f *deleteFlags) writeResult(out io.Writer, conn *connection.Connection, typ string) error {
	if f.yes {
		if err := writeProject(out, conn); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "deleted %s\n", typ)
	return err
}

// deleteError returns the error of a deletion; one for a missing integration is shorter than that of Atlas.
func deleteError(cmd *cobra.Command, err error, typ string) error {
	if errors.Is(err, client.ErrNotConfigured) {
		return listing.NotFound(typ, usage.SetFlags(cmd))
	}
	return requestError(err, true)
}
