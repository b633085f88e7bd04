package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fakectl"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/serving"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/terminal"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/fakeatlas"
)

const (
	maxConnections = 10_000
	serveAddr      = "127.0.0.1:8080"
	rateLimit      = 1200 // that of Atlas
	exitWithStdin  = "exit-with-stdin"
)

func newServe() *cobra.Command {
	c := serving.Config{
		Accounts: serving.Accounts{
			PublicKey: serving.Credential{
				Flag: "public-key", Variable: connection.PublicKeyVariable, Default: fakeatlas.DefaultAPIKey.PublicKey, Public: true,
			},
			PrivateKey: serving.Credential{
				Flag: "private-key", Variable: connection.PrivateKeyVariable, Default: fakeatlas.DefaultAPIKey.PrivateKey,
			},
			ClientID: serving.Credential{
				Flag: "client-id", Variable: connection.ClientIDVariable, Default: fakeatlas.DefaultServiceAccount.ClientID, Public: true,
			},
			ClientSecret: serving.Credential{
				Flag: "client-secret", Variable: connection.ClientSecretVariable, Default: fakeatlas.DefaultServiceAccount.ClientSecret,
			},
		},
		ControlToken: serving.Credential{Flag: "control-token", Variable: fakectl.TokenVariable},
	}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a fake Atlas for tests of software that talks to Atlas",
		Long: `Serves a fake Atlas with state: clients can create, read, update and delete third-party integrations (API v2 and
v1.0), projects and alert configurations (v2), and read organizations. Secrets are masked, and errors are those
of Atlas. Like Atlas, it requires credentials: an API key by digest, or a service account. Respond to requests to
other paths with stubs (--stub-dir) or another server (--fallback).

It stores data in memory. To keep the data after the server exits, set --store to a file, for one server at a
time, or to Redis or Valkey, for any number of servers behind a load balancer. $ATLASINT_STORE sets the same and
keeps a password out of the process list. $REDIS_PASSWORD is the password for an address without one.

On a loopback address the control API needs no token, and rejects requests with the headers of a proxy. It can't
recognize a proxy that adds no header, such as nginx with only proxy_pass: then anyone on the network can use the
control API. Behind a proxy, set --control-token or --no-control.

On a loopback address without a certificate, requests need a Host that no page of the web can have: an IP address, a
name without a dot, a local one such as *.localhost, *.internal and *.test, or one of mongodb.com. Otherwise a page
could reach the server by DNS rebinding. Allow other names with --allow-host.

Each project has a token bucket of --rate-limit requests. Requests return 429 while the bucket is empty. It is
refilled by 500 requests every 60 seconds, up to its size.

Set credentials in the environment: other users of the machine can see flags. On SIGTERM, SIGINT or SIGHUP
the server completes open requests, for at most 5 seconds; a second signal stops it at once. If SIGINT or
SIGHUP is ignored when it starts, as in background jobs of scripts, it ignores that signal too. With
--exit-with-stdin, it also stops when standard input ends.`,
		Example: `  atlasint serve
  atlasint serve --addr :0 --addr-file url.txt --seed-dir seeds
  atlasint serve --store file:atlas.db
  atlasint serve --group 5d791c84ff7a2522cc4f9aa1 --rate-limit 0 --log-format json
  atlasint serve --addr 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem`,
		Args: usage.AtMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd, &c) },
	}
	serveFlags(cmd, &c)
	return cmd
}

// serveFlags registers the flags.
func serveFlags(cmd *cobra.Command, c *serving.Config) {
	flags := cmd.Flags()
	flags.StringVar(&c.Address, "addr", serveAddr, "listen on HOST:PORT; the default host is 127.0.0.1, and port 0 is any free port")
	flags.Bool(exitWithStdin, false, "stop when standard input ends, as it does when the parent process ends, even by SIGKILL")
	flags.StringArrayVar(&c.AllowedHosts, "allow-host", nil,
		"accept requests with this host name on a loopback address; may be repeated (default: IP addresses and local names)")
	flags.StringVar(&c.AddressFile, "addr-file", "", "write the base URL to this file, and remove the file when the server stops")
	for _, one := range append(c.Accounts.Single(), &c.ControlToken) {
		flags.StringVar(&one.Value, one.Flag, "", one.Usage())
	}
	flags.StringVar(&c.Accounts.File, "credentials", "",
		"accept only the credentials in this file, with roles and IP access lists, YAML or JSON")
	flags.BoolVar(&c.Accounts.NoAuth, "no-auth", false, "accept every request, without credentials")
	flags.BoolVar(&c.NoControl, "no-control", false, "leave out the control API, /_atlasint/")
	flags.BoolVar(&c.NoConsole, "no-console", false, "leave out the console, the pages at /_atlasint/ui/")
	flags.StringArrayVar(&c.Projects, "group", nil, "ID of a project that exists; may be repeated (default: every well-formed ID)")
	flags.StringVar(&c.SeedDir, "seed-dir", "", "store the payloads of this folder at start; each is at PROJECT-ID/NAME.json, or in NAME.yaml")
	flags.StringVar(&c.RecordDir, "record", "",
		"write each request and its response to a file in this folder, which must be empty; secrets are hidden")
	flags.StringVar(&c.StubDir, "stub-dir", "", "respond to requests without a route with the stubs of this folder, each in a file NAME.json")
	flags.StringVar(&c.Fallback, "fallback", "",
		"forward requests without a route and a stub to this URL on this machine, without credentials")
	flags.BoolVar(&c.FallbackRemote, "fallback-remote", false, "let --fallback be another machine")
	flags.StringVar(&c.Store, "store", serving.MemoryStore,
		"store of the integrations: memory, file:PATH or redis://HOST:PORT; better $"+serving.StoreVariable)
	flags.IntVar(&c.RateLimit, "rate-limit", rateLimit, "requests in the token bucket of each project; 429 when it is empty, 0 for no limit")
	flags.IntVar(&c.Connections, "max-connections", maxConnections,
		"maximum number of open connections; above it, idle ones are closed and new ones wait")
	flags.DurationVar(&c.Latency, "latency", 0, "delay every response of the API, such as 200ms")
	flags.StringVar(&c.TLSCert, "tls-cert", "", "serve https with this certificate, PEM")
	flags.StringVar(&c.TLSKey, "tls-key", "", "the private key of --tls-cert, PEM")
	flags.StringVar(&c.LogFormat, "log-format", serving.LogFormats[0],
		"format of the log on standard error: "+strings.Join(serving.LogFormats, ", "))
	flags.BoolVarP(&c.Quiet, "quiet", "q", false, "print errors only")
	flags.BoolVar(&c.Choices.StrictMasks, "strict-masks", false, "reject masked values that Atlas would treat as the stored value")
	flags.BoolVar(&c.Choices.StrictFields, "strict-fields", false, "reject updates without required fields, and empty or null optional fields")
	flags.BoolVar(&c.Choices.SlackOAuth, "slack-oauth", false, "reject Slack integrations that Atlas links by OAuth2 only")
	flags.BoolVar(&c.Choices.LenientAccept, "lenient-accept", false, "accept v2 requests without a dated Accept header")
	complete(cmd, "log-format", serving.LogFormats...)
	complete(cmd, "store", serving.MemoryStore, serving.FilePrefix, "redis://", "rediss://")
}

func serve(cmd *cobra.Command, c *serving.Config) error {
	out, errOut := cmd.OutOrStdout(), cmd.ErrOrStderr()
	c.IsSet = cmd.Flags().Changed
	if exits, _ := cmd.Flags().GetBool(exitWithStdin); exits {
		c.Input = cmd.InOrStdin()
	}
	c.Out, c.Report = out, report.Report{Version: version(), Color: terminal.SupportsColor(unescaped(out))}
	c.Log, c.Diagnose = errOut, func(text string) { printDiagnostic(errOut, text) }
	service, err := c.Open()
	if err != nil {
		return err
	}
	defer service.Close()
	return service.Run(cmd.Context(), func(text string) { fmt.Fprint(out, text) })
}
