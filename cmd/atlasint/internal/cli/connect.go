package cli

import (
	"context"
	"errors"
	"io"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
)

// credentialHelp is the part of the help that the commands share.
const credentialHelp = `
Set the credentials in the environment: MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY,
MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, or MONGODB_ATLAS_ACCESS_TOKEN. --profile reads them
from a profile in the configuration file of the Atlas CLI; the keyring of the operating system, where newer
versions of the Atlas CLI keep them, is not read.

Set the project with --project, --profile, MONGODB_ATLAS_PROJECT_ID or groupId in .atlasint.yaml, and the
server with --base-url, --profile, MONGODB_ATLAS_BASE_URL or baseURL in .atlasint.yaml. The first of these
that is set applies, but apply, diff and delete refuse a project of --profile or the environment that differs
from groupId. Without any, the server is https://cloud.mongodb.com.`

// connectFlags are the flags for the base URL and the project.
type connectFlags struct{ settings connection.Settings }

func (f *connectFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	cmd.Flags().StringVar(&f.settings.Project, "project", "", "project ID (default: $"+connection.ProjectVariable+", then groupId in the configuration)")
	cmd.Flags().StringVar(&f.settings.Profile, "profile", "", "profile of the Atlas CLI to read credentials, project and server from, such as default")
	_ = cmd.RegisterFlagCompletionFunc("profile", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return cliprofile.Names(), cobra.ShellCompDirectiveNoFileComp
	})
	cmd.Flags().StringVar(&f.settings.BaseURL, "base-url", "", "URL of Atlas, without /api/atlas (default: $"+connection.BaseURLVariable+", then baseURL in the configuration)")
	flags.BoolVar(&f.settings.PlainHTTP, "plain-http", false, "allow a base URL with http to another machine; others on the network can read the requests")
	flags.DurationVar(&f.settings.Timeout, "timeout", 30*time.Second, "timeout of one request")
}

// open checks all settings before anything is sent. The caller must close the connection.
func (f *connectFlags) open(cmd *cobra.Command, cfg *workspace.Config) (*connection.Connection, error) {
	f.settings.Pause = sessionOf(cmd).pause
	conn, err := f.settings.Connect(cfg, func(text string) { printDiagnostic(currentErr(cmd), text) })
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(cmd.Context())
	cmd.SetContext(ctx)
	conn.RevokeOnSignals(cancel)
	return conn, nil
}

// revokingToken runs a command that may have an access token when its output is a closed pipe, as of head. The token is
// revoked before the signal of the closed pipe ends the process.
func revokingToken(cmd *cobra.Command, run func() error) error {
	stopsignal.IgnoreClosedPipe()
	err := run()
	stopsignal.HonorClosedPipe()
	for _, out := range []io.Writer{cmd.OutOrStdout(), cmd.ErrOrStderr()} {
		if safe, ok := out.(*redact.Writer); ok && errors.Is(safe.Err(), syscall.EPIPE) {
			_, _ = safe.Unwrap().Write([]byte("\n")) // gets the signal again, except on Windows
		}
	}
	return err
}

// requestError returns the error of a failed request with its kind, and with hints for users of the command.
func requestError(err error, changing bool) error {
	var known *problem.Error
	if errors.As(err, &known) {
		return err
	}
	return problem.Of(apply.KindOf(err, changing), problem.Worded(connection.ErrorText(err), err))
}
