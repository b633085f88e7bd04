package cli

import (
	"errors"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// credentialHelp is the part of the help that the commands share.
const credentialHelp = `
Set the credentials in the environment: MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY,
MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, or MONGODB_ATLAS_ACCESS_TOKEN. --profile reads them
from a profile in the configuration file of the Atlas CLI; the keyring of the operating system, where newer
versions of the Atlas CLI keep them, is not read.

Set the project with --project, --profile, MONGODB_ATLAS_PROJECT_ID or groupId in .atlasint.yaml, and the
server with --base-url, --profile, MONGODB_ATLAS_BASE_URL or baseURL in .atlasint.yaml. The first of these
that is set applies. Without any, the server is https://cloud.mongodb.com.`

// connectFlags are the flags for the base URL and the project.
type connectFlags struct{ connection.Settings }

func (f *connectFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.Project, "project", "", "project ID (default: $"+connection.ProjectVariable+", then groupId in the configuration)")
	flags.StringVar(&f.Profile, "profile", "", "profile of the Atlas CLI to read credentials, project and server from, such as default")
	_ = cmd.RegisterFlagCompletionFunc("profile", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return cliprofile.Names(), cobra.ShellCompDirectiveNoFileComp
	})
	flags.StringVar(&f.BaseURL, "base-url", "", "URL of Atlas, without /api/atlas (default: $"+connection.BaseURLVariable+", then baseURL in the configuration)")
	flags.BoolVar(&f.PlainHTTP, "plain-http", false, "allow a base URL with http to another machine; others on the network can read the requests")
	flags.DurationVar(&f.Timeout, "timeout", 30*time.Second, "timeout of one request")
}

// connect checks all settings before anything is sent.
func (f *connectFlags) connect(cmd *cobra.Command, cfg *workspace.Config) (*connection.Connection, error) {
	f.Pause = pause
	return f.Settings.Connect(cfg, func(text string) { printDiagnostic(cmd.ErrOrStderr(), text) })
}

// requestError returns the error of a failed request with its exit code. Atlas may reject a change: that is a
// finding.
func requestError(err error, changing bool) error {
	var end *exit.Error
	if errors.As(err, &end) {
		return end
	}
	return exit.New(exitCodeOf(err, changing), connection.WithCommandHints(err).Error())
}

func exitCodeOf(err error, changing bool) int {
	var (
		wrong   *client.UsageError
		payload *client.PayloadError
		atlas   *client.APIError
		prune   *apply.PruneError
		send    *apply.SendError
	)
	switch {
	case errors.As(err, &prune) && prune.Findings:
		return exit.Findings
	case errors.As(err, &prune):
		return exit.Usage
	case errors.As(err, &send):
		return sendCode(send)
	case errors.As(err, &wrong):
		return exit.Usage
	case errors.As(err, &payload), errors.Is(err, apply.ErrChanged):
		return exit.Findings
	case errors.As(err, &atlas) && changing && atlas.Status < http.StatusInternalServerError && atlas.Status != http.StatusTooManyRequests:
		return exit.Findings
	}
	return exit.Failure
}

// sendCode returns the highest exit code of the errors: a signal ends a command as a failure.
func sendCode(err *apply.SendError) int {
	code := exit.OK
	if err.Stopped {
		code = exit.Failure
	}
	for _, e := range err.Errors {
		code = max(code, exitCodeOf(e, true))
	}
	return code
}

// pause returns how long to wait instead of d. Tests replace it.
var pause = func(d time.Duration) time.Duration { return d }
