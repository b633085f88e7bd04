package serving

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/console"
	"github.com/atlasint/atlasint/internal/controlapi"
)

// sampleProject is the project of the example if no project is known, from the manual of Atlas.
const sampleProject = "5d791c84ff7a2522cc4f9aa1"

// Service is a fake that is ready to listen.
type Service struct {
	config  *Config
	address address
	tls     *tls.Config // nil for plain http
	fake    *fakeatlas.Server
	sample  string // an existing project
	storage *storage
}

// Open creates the fake. It does everything that can fail before the server listens: it checks the configuration, reads
// and validates the seeds and the stubs, and opens the store. It changes c to the values in effect. The caller must
// close the service.
func (c *Config) Open() (*Service, error) {
	credentials, err := c.resolve()
	if err == nil {
		err = c.check()
	}
	if err == nil {
		err = c.checkAddressFile()
	}
	if err != nil {
		return nil, err
	}
	s := &Service{config: c}
	if s.address, err = parseAddress(c.Address); err != nil {
		return nil, err
	}
	if s.tls, err = certificate(c.TLSCert, c.TLSKey); err != nil {
		return nil, err
	}
	seeds, err := readSeeds(c.SeedDir, c.Projects, c.Out, c.Report, c.note)
	if err != nil {
		return nil, err
	}
	stubs, err := findStubs(c.StubDir)
	if err != nil {
		return nil, err
	}
	s.sample = c.sampleOf(seeds)
	if s.storage, err = openStore(c.Store, c.warn); err != nil {
		return nil, err
	}
	if err := s.createFake(credentials, seeds, stubs); err != nil {
		return nil, errors.Join(err, s.storage.close())
	}
	return s, nil
}

// sampleOf returns an existing project.
func (c *Config) sampleOf(seeds []seed) string {
	switch {
	case len(seeds) > 0:
		return seeds[0].project
	case len(c.Projects) > 0:
		return c.Projects[0]
	}
	return sampleProject
}

// createFake creates the fake server, adds the stubs and stores the seeds.
func (s *Service) createFake(credentials []fakeatlas.Credential, seeds []seed, stubs []stubFile) error {
	logger := s.logger(slog.LevelWarn) // the server logs each request itself
	opts := append(s.config.options(credentials, s.hasControl()), fakeatlas.WithLogger(logger))
	if !s.storage.inMemory() {
		opts = append(opts, fakeatlas.WithStore(s.storage.store))
	}
	var err error
	var pathError *fs.PathError
	switch s.fake, err = fakeatlas.New(opts...); {
	case errors.As(err, &pathError):
		return problem.Of(problem.Failure, problem.Cause(err))
	case err != nil:
		return optionError(err)
	}
	if err := addStubs(s.fake, stubs); err != nil {
		return err
	}
	return storeSeeds(s.fake, seeds, !s.storage.inMemory())
}

// optionError returns the usage error for an error of [fakeatlas.New], with a hint for users of the command.
func optionError(err error) error {
	const help = "see atlasint serve --help"
	var wrong *fakeatlas.OptionError
	switch {
	case !errors.As(err, &wrong):
		return problem.Inputf("%w; %s", err, help)
	case wrong.SuggestedOption == "WithRemoteFallback":
		wrong.Hint = "allow it with --fallback-remote"
	default:
		wrong.Hint = cmp.Or(wrong.Hint, help)
	}
	if flag := optionFlags[wrong.Option]; flag != "" {
		return problem.Inputf("%s: %w", flag, err)
	}
	return problem.Of(problem.Input, err)
}

// optionFlags are the flags of options. Others have values that were checked before, or that a variable sets.
var optionFlags = map[string]string{
	"WithRateLimit": "--rate-limit", "WithFallback": "--fallback", "WithRemoteFallback": "--fallback",
}

// logger returns a logger for a level or above it, or for errors only.
func (s *Service) logger(least slog.Level) *slog.Logger {
	if s.config.Quiet {
		least = slog.LevelError
	}
	return newLogger(s.config.LogFormat, s.config.Log, least)
}

// Close closes the store. Acknowledged changes are stored already.
func (s *Service) Close() { _ = s.storage.close() }

// Run serves until SIGINT, SIGTERM, SIGHUP or the end of the input, then waits for running requests, for 5 seconds at
// most or until another signal. It calls started when it listens, with a text that has the base URL, the credentials
// and an example; "" if only errors are wanted.
func (s *Service) Run(ctx context.Context, started func(text string)) error {
	l := server{
		address: s.address, tls: s.tls, addressFile: s.config.AddressFile, input: s.config.Input, connections: s.config.Connections,
		handler: s.handler(), logger: s.logger(slog.LevelInfo),
		started: func(url string) {
			s.warnExposed()
			started(s.startText(url))
		},
	}
	cause, err := l.run(ctx)
	if cause != "" {
		s.config.Diagnose("stopped " + cause + "; requests without a response were closed")
	}
	return err
}

func (s *Service) handler() http.Handler {
	var handler http.Handler = s.fake
	if s.hasConsole() {
		handler = console.Handler(s.fake)
	}
	if names, check := s.hosts(); check {
		handler = checkHosts(handler, s.fake, names)
	}
	return handler
}

// hasControl reports whether the control API is on. It shows secrets, so other machines can reach it only with a
// token.
func (s *Service) hasControl() bool {
	return !s.config.NoControl && (s.address.tcp.IP.IsLoopback() || s.config.ControlToken.Value != "")
}

// hasConsole reports whether the server has pages for browsers. They need the control API.
func (s *Service) hasConsole() bool { return s.hasControl() && !s.config.NoConsole }

// warnExposed warns if other machines can reach the server.
func (s *Service) warnExposed() {
	if s.address.tcp.IP.IsLoopback() {
		return
	}
	secrets := ""
	if s.storage.inMemory() {
		secrets = ", and the server stores secrets in plain text"
	}
	s.config.warn("other machines can reach " + s.address.tcp.IP.String() + secrets + "; to prevent that, listen on 127.0.0.1")
}

// startText returns the base URL, the credentials and an example; "" if only errors are wanted.
func (s *Service) startText(url string) string {
	if s.config.Quiet {
		return ""
	}
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n", url)
	s.config.Accounts.write(&out)
	if !s.storage.inMemory() {
		fmt.Fprintf(&out, "store          %s\n", s.storage.name)
	}
	if s.hasConsole() {
		fmt.Fprintf(&out, "console        %s%sui/\n", url, controlapi.Prefix)
	}
	switch {
	case s.hasControl():
		fmt.Fprintf(&out, "control API    %s%sopenapi.yaml\n", url, controlapi.Prefix)
	case !s.config.NoControl:
		fmt.Fprintf(&out, "control API    off on this address; set %s\n", s.config.ControlToken.Variable)
	}
	if s.config.ControlToken.Value != "" && !s.config.NoControl {
		fmt.Fprintf(&out, "control token  %s\n", s.config.ControlToken.display())
	}
	fmt.Fprintf(&out, "\n%s\n", s.config.Accounts.curl(url, s.sample, s.config.TLSCert))
	return out.String()
}
