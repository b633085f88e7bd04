package cli

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/connection"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/fakectl"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/serving"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/usage"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/console"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/storelimit"
)

const (
	maxConnections = 10_000
	serveAddr      = "127.0.0.1:8080"
	rateLimit      = 1200                       // that of Atlas
	sampleProject  = "5d791c84ff7a2522cc4f9aa1" // from the manual of Atlas
)

type serveFlags struct {
	addr, addrFile                                 string
	accounts                                       serving.Accounts
	credentials                                    []fakeatlas.Credential // those of accounts
	controlToken                                   serving.Credential
	noControl, noConsole                           bool
	groups                                         []string
	seedDir, stubDir, store, record                string
	fallback                                       string
	fallbackRemote                                 bool
	rateLimit                                      int
	connections                                    int
	latency                                        time.Duration
	tlsCert, tlsKey                                string
	logFormat                                      string
	quiet                                          bool
	strictMasks, strictFields, slackOAuth, lenient bool
}

func newServe() *cobra.Command {
	f := serveFlags{
		accounts: serving.Accounts{
			PublicKey:    serving.Credential{Flag: "public-key", Variable: connection.PublicKeyVariable, Default: fakeatlas.DefaultAPIKey.PublicKey, Public: true},
			PrivateKey:   serving.Credential{Flag: "private-key", Variable: connection.PrivateKeyVariable, Default: fakeatlas.DefaultAPIKey.PrivateKey},
			ClientID:     serving.Credential{Flag: "client-id", Variable: connection.ClientIDVariable, Default: fakeatlas.DefaultServiceAccount.ClientID, Public: true},
			ClientSecret: serving.Credential{Flag: "client-secret", Variable: connection.ClientSecretVariable, Default: fakeatlas.DefaultServiceAccount.ClientSecret},
		},
		controlToken: serving.Credential{Flag: "control-token", Variable: fakectl.TokenVariable},
	}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a fake Atlas for tests of software that talks to Atlas",
		Long: `Serves a fake Atlas with state: clients can create, read, update and delete third-party integrations (API v2 and
v1.0), projects and alert configurations (v2), and read organizations. Secrets are masked, and errors are those
of Atlas. Like Atlas, it requires credentials: an API key by digest, or a service account. Answer requests to
other paths with stubs (--stub-dir) or another server (--fallback).

It stores data in memory. To keep the data after the server exits, set --store to a file, for one server at a
time, or to Redis or Valkey, for any number of servers behind a load balancer. $ATLASINT_STORE sets the same and
keeps a password out of the process list. $REDIS_PASSWORD is the password for an address without one.

On a loopback address the control API needs no token, and rejects requests with the headers of a proxy. It can't
recognize a proxy that adds no header, such as nginx with only proxy_pass: then anyone on the network can use the
control API. Behind a proxy, set --control-token or --no-control.

Each project has a token bucket of --rate-limit requests. Requests return 429 while the bucket is empty. It is
refilled by 500 requests every 60 seconds, up to its size.

Set credentials in the environment: other users of the machine can see flags. On SIGTERM or SIGINT the server
completes open requests, for at most 5 seconds; a second signal stops it at once.`,
		Example: `  atlasint serve
  atlasint serve --addr :0 --addr-file url.txt --seed-dir seeds
  atlasint serve --store file:atlas.db
  atlasint serve --group 5d791c84ff7a2522cc4f9aa1 --rate-limit 0 --log-format json
  atlasint serve --addr 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem`,
		Args: usage.AtMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.register(cmd)
	return cmd
}

func (f *serveFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", serveAddr, "listen on HOST:PORT; the default host is 127.0.0.1, and port 0 is any free port")
	flags.StringVar(&f.addrFile, "addr-file", "", "write the base URL to this file, and remove the file when the server stops")
	for _, c := range append(f.accounts.Single(), &f.controlToken) {
		flags.StringVar(&c.Value, c.Flag, "", c.Usage())
	}
	flags.StringVar(&f.accounts.File, "credentials", "", "accept only the credentials in this file, with roles and IP access lists, YAML or JSON")
	flags.BoolVar(&f.accounts.NoAuth, "no-auth", false, "accept every request, without credentials")
	flags.BoolVar(&f.noControl, "no-control", false, "leave out the control API, /_atlasint/")
	flags.BoolVar(&f.noConsole, "no-console", false, "leave out the console, the pages at /_atlasint/ui/")
	flags.StringArrayVar(&f.groups, "group", nil, "ID of a project that exists; may be repeated (default: every well-formed ID)")
	flags.StringVar(&f.seedDir, "seed-dir", "", "store the payloads of this folder at start; each is at PROJECT-ID/NAME.json, or in NAME.yaml")
	flags.StringVar(&f.record, "record", "", "write each request and its answer to a file in this folder, which must be empty; secrets are hidden")
	flags.StringVar(&f.stubDir, "stub-dir", "", "answer requests without a route by the stubs of this folder, each in a file NAME.json")
	flags.StringVar(&f.fallback, "fallback", "", "forward requests without a route and a stub to this URL on this machine, without credentials")
	flags.BoolVar(&f.fallbackRemote, "fallback-remote", false, "let --fallback be another machine")
	flags.StringVar(&f.store, "store", serving.MemoryStore, "store of the integrations: memory, file:PATH or redis://HOST:PORT; better $"+serving.StoreVariable)
	flags.IntVar(&f.rateLimit, "rate-limit", rateLimit, "requests in the token bucket of each project; 429 when it is empty, 0 for no limit")
	flags.IntVar(&f.connections, "max-connections", maxConnections, "maximum number of open connections; above it, idle ones are closed and new ones wait")
	flags.DurationVar(&f.latency, "latency", 0, "delay every response of the API, such as 200ms")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "serve https with this certificate, PEM")
	flags.StringVar(&f.tlsKey, "tls-key", "", "the private key of --tls-cert, PEM")
	flags.StringVar(&f.logFormat, "log-format", serving.LogFormats[0], "format of the log on standard error: "+strings.Join(serving.LogFormats, ", "))
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "print errors only")
	flags.BoolVar(&f.strictMasks, "strict-masks", false, "reject masked values that Atlas would treat as the stored value")
	flags.BoolVar(&f.strictFields, "strict-fields", false, "reject updates without required fields, and empty or null optional fields")
	flags.BoolVar(&f.slackOAuth, "slack-oauth", false, "reject Slack integrations that Atlas links by OAuth2 only")
	flags.BoolVar(&f.lenient, "lenient-accept", false, "answer v2 requests without a dated Accept header")
	complete(cmd, "log-format", serving.LogFormats...)
	complete(cmd, "store", serving.MemoryStore, serving.FilePrefix, "redis://", "rediss://")
}

// serverSetup is a server that is ready to listen.
type serverSetup struct {
	address serving.Address
	tls     *tls.Config // nil for plain http
	fake    *fakeatlas.Server
	sample  string // an existing project
	storage *serving.Storage
	stubs   []serving.StubFile
}

// prepare does everything that can fail before the server listens.
func (f *serveFlags) prepare(cmd *cobra.Command) (*serverSetup, error) {
	if err := f.check(cmd); err != nil {
		return nil, err
	}
	place, err := serving.ParseAddress(f.addr)
	if err != nil {
		return nil, err
	}
	certificate, err := serving.Certificate(f.tlsCert, f.tlsKey)
	if err != nil {
		return nil, err
	}
	out := cmd.OutOrStdout()
	seeds, err := serving.ReadSeeds(f.seedDir, f.groups, out, report.Report{Version: version(), Color: supportsColor(out)}, func(text string) {
		if !f.quiet {
			printDiagnostic(cmd.ErrOrStderr(), text)
		}
	})
	if err != nil {
		return nil, err
	}
	p := &serverSetup{address: place, tls: certificate, sample: sampleProject}
	if f.stubDir != "" {
		if p.stubs, err = serving.FindStubs(f.stubDir); err != nil {
			return nil, err
		}
	}
	if len(seeds) > 0 {
		p.sample = seeds[0].Project
	} else if len(f.groups) > 0 {
		p.sample = f.groups[0]
	}
	if p.storage, err = f.openStore(cmd); err != nil {
		return nil, err
	}
	if err := f.createFake(cmd, p, seeds); err != nil {
		return nil, errors.Join(err, p.storage.Close())
	}
	return p, nil
}

// createFake creates the fake server, adds the stubs and stores the seeds.
func (f *serveFlags) createFake(cmd *cobra.Command, p *serverSetup, seeds []serving.Seed) error {
	least := slog.LevelWarn // the server logs each request itself
	if f.quiet {
		least = slog.LevelError
	}
	opts := append(f.options(p.address), fakeatlas.WithLogger(serving.NewLogger(f.logFormat, cmd.ErrOrStderr(), least)))
	if !p.storage.InMemory() {
		opts = append(opts, fakeatlas.WithStore(p.storage.Store))
	}
	if f.record != "" {
		opts = append(opts, fakeatlas.WithRecordings(f.record))
	}
	var err error
	var pathError *fs.PathError
	switch p.fake, err = fakeatlas.New(opts...); {
	case errors.As(err, &pathError):
		return exit.Failuref("%s", exit.Cause(err))
	case err != nil:
		return exit.Usagef("%v; see atlasint serve --help", err)
	}
	if err := serving.AddStubs(p.fake, p.stubs); err != nil {
		return err
	}
	return serving.StoreSeeds(p.fake, seeds, !p.storage.InMemory())
}

func (f *serveFlags) check(cmd *cobra.Command) error {
	for _, c := range append(f.accounts.Single(), &f.controlToken) {
		if err := c.Resolve(cmd.Flags().Changed(c.Flag)); err != nil {
			return err
		}
	}
	var err error
	if f.credentials, err = f.accounts.Read(cmd.Flags().Changed); err != nil {
		return err
	}
	f.resolveStore(cmd)
	if err := serving.CheckStore(f.store); err != nil {
		return err
	}
	for _, id := range f.groups {
		if !atlas.IsID(id) {
			return exit.Usagef("--group: %s is not a project ID; it has %s", redact.Value(id), atlas.IDForm)
		}
	}
	switch {
	case f.rateLimit < 0:
		return exit.Usagef("--rate-limit must not be negative, got %d; 0 is no limit", f.rateLimit)
	case f.rateLimit > storelimit.Tokens:
		return exit.Usagef("--rate-limit must be at most %d, not %d; 0 is no limit", storelimit.Tokens, f.rateLimit)
	case f.connections < 1:
		return exit.Usagef("--max-connections must be at least 1, not %d", f.connections)
	case f.latency < 0:
		return exit.Usagef("--latency must not be negative, got %v", f.latency)
	case !slices.Contains(serving.LogFormats, f.logFormat):
		return exit.Usagef("unknown log format %s; use %s", redact.Value(f.logFormat), strings.Join(serving.LogFormats, " or "))
	case (f.tlsCert == "") != (f.tlsKey == ""):
		return exit.Usagef("--tls-cert and --tls-key require each other; set both or neither")
	case f.fallbackRemote && f.fallback == "":
		return exit.Usagef("--fallback-remote needs --fallback; add it, or leave both out")
	case f.noControl && cmd.Flags().Changed(f.controlToken.Flag):
		return exit.Usagef("--control-token has no effect with --no-control; leave out one of them")
	}
	return nil
}

func (f *serveFlags) options(p serving.Address) []fakeatlas.Option {
	opts := []fakeatlas.Option{
		fakeatlas.WithCredentials(f.credentials...),
		fakeatlas.WithRateLimit(f.rateLimit), fakeatlas.WithLatency(f.latency),
	}
	if len(f.groups) > 0 {
		opts = append(opts, fakeatlas.WithProjects(f.groups...))
	}
	with := func(on bool, option fakeatlas.Option) {
		if on {
			opts = append(opts, option)
		}
	}
	with(f.accounts.NoAuth, fakeatlas.WithoutAuth())
	opts = append(opts, fakeatlas.WithChoices(fakeatlas.Choices{
		StrictMasks: f.strictMasks, StrictFields: f.strictFields, SlackOAuth: f.slackOAuth, LenientAccept: f.lenient,
	}))
	with(f.fallback != "", fakeatlas.WithFallback(f.fallback, f.fallbackRemote))
	switch {
	case !f.hasControl(p):
		opts = append(opts, fakeatlas.WithoutControl())
	case f.controlToken.Value != "":
		opts = append(opts, fakeatlas.WithControl(f.controlToken.Value))
	}
	return opts
}

// hasControl reports whether the control API is on. It shows secrets, so other machines can reach it only with a
// token.
func (f *serveFlags) hasControl(p serving.Address) bool {
	return !f.noControl && (p.TCP.IP.IsLoopback() || f.controlToken.Value != "")
}

func (f *serveFlags) run(cmd *cobra.Command) error {
	p, err := f.prepare(cmd)
	if err != nil {
		return err
	}
	defer func() { _ = p.storage.Close() }() // acknowledged changes are stored already
	least := slog.LevelInfo
	if f.quiet {
		least = slog.LevelError
	}
	server := serving.Server{
		Address: p.address, TLS: p.tls, AddressFile: f.addrFile, Connections: f.connections,
		Handler: f.handler(p), Logger: serving.NewLogger(f.logFormat, cmd.ErrOrStderr(), least),
		Started: func(url string) { f.printStart(cmd, p, url) },
	}
	cause, err := server.Run(cmd.Context())
	if cause != "" {
		printDiagnostic(cmd.ErrOrStderr(), "stopped "+cause+"; requests without a response were closed")
	}
	return err
}

// hasConsole reports whether the server has pages for browsers. They need the control API.
func (f *serveFlags) hasConsole(p serving.Address) bool { return f.hasControl(p) && !f.noConsole }

func (f *serveFlags) handler(p *serverSetup) http.Handler {
	if f.hasConsole(p.address) {
		return console.Handler(p.fake)
	}
	return p.fake
}

// printStart prints the base URL, the credentials and an example.
func (f *serveFlags) printStart(cmd *cobra.Command, p *serverSetup, url string) {
	if !p.address.TCP.IP.IsLoopback() {
		secrets := ", and the server stores secrets in plain text"
		if !p.storage.InMemory() {
			secrets = ""
		}
		printDiagnostic(cmd.ErrOrStderr(), "warning: other machines can reach "+p.address.TCP.IP.String()+secrets+"; to prevent that, listen on 127.0.0.1")
	}
	if f.quiet {
		return
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s\n\n", url)
	f.accounts.Print(out)
	if !p.storage.InMemory() {
		fmt.Fprintf(out, "store          %s\n", p.storage.Name)
	}
	if f.hasConsole(p.address) {
		fmt.Fprintf(out, "console        %s%s\n", url, console.Path)
	}
	if f.hasControl(p.address) {
		fmt.Fprintf(out, "control API    %s/_atlasint/openapi.yaml\n", url)
	}
	if f.controlToken.Value != "" && !f.noControl {
		fmt.Fprintf(out, "control token  %s\n", f.controlToken.Display())
	}
	fmt.Fprintf(out, "\n%s\n", f.accounts.Curl(url, p.sample, f.tlsCert))
}

// resolveStore uses the store of the environment unless there is a flag.
func (f *serveFlags) resolveStore(cmd *cobra.Command) {
	if env := os.Getenv(serving.StoreVariable); env != "" && !cmd.Flags().Changed("store") {
		f.store = env
		return
	}
	if u, err := url.Parse(f.store); err == nil && u.User != nil {
		if _, has := u.User.Password(); has {
			printDiagnostic(cmd.ErrOrStderr(), "warning: other users of the machine can see the password in --store; set "+serving.StoreVariable+" in its place")
		}
	}
}

// openStore opens the store of --store.
func (f *serveFlags) openStore(cmd *cobra.Command) (*serving.Storage, error) {
	return serving.OpenStore(f.store, func(text string) { printDiagnostic(cmd.ErrOrStderr(), "warning: "+text) })
}
