// Package connection connects a command to a project in Atlas: its base URL, credentials and clients.
package connection

import (
	"context"
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/netcause"
	"github.com/atlasint/atlasint/internal/redact"
)

// Settings are the flags of a connection. Empty ones are taken from the environment or the configuration.
type Settings struct {
	Project, BaseURL string
	Profile          string // a profile of the Atlas CLI
	Changes          bool   // the command may change the project, so another one than that of the configuration is an error
	PlainHTTP        bool
	Timeout          time.Duration
	Pause            func(time.Duration) time.Duration // returns how long to wait instead; nil: as long
}

// Connection is a connection to one project. It is for use by one goroutine, except for signals.
type Connection struct {
	Project  string
	Host     string
	BaseURL  string // as [atlas.ShownURL] shows it
	Server   string // the base URL without the slash at its end; its path may contain a token
	options  client.Options
	keys     keySource                  // the secret of the credentials
	mu       sync.Mutex                 // for clients, which a signal closes
	clients  map[string]*client.Client  // by API version
	stopping chan struct{}              // closed by the first signal
	notify   func(error, time.Duration) // called before long waits, with the cause
	pause    func(time.Duration) time.Duration
	diagnose func(text string)

	projectSource, serverSource string // the flag, variable or file that sets them, for messages

	ignoreSignals func() // ends RevokeOnSignals; nil if it does not apply
}

// Connect checks all settings before anything is sent. Diagnostics are passed to diagnose.
func (s *Settings) Connect(cfg *workspace.Config, diagnose func(text string)) (*Connection, error) {
	var profile *cliprofile.Profile
	var err error
	if s.Profile != "" {
		if profile, err = cliprofile.Read(s.Profile); err != nil {
			return nil, err
		}
	}
	project, projectSource, err := s.projectID(profile, cfg)
	if err != nil {
		return nil, err
	}
	if cfg.GroupID != "" && cfg.GroupID != project && projectSource != projectFlag {
		if s.Changes {
			return nil, otherProject(project, projectSource, cfg)
		}
		diagnose(projectSource + " overrides groupId of " + cfg.GroupIDFile())
	}
	credentials, err := chooseCredentials(profile, os.Getenv)
	if err != nil {
		return nil, err
	}
	base, source, err := s.resolveBaseURL(profile, cfg)
	if err != nil {
		return nil, err
	}
	if source != baseURLFlag && cfg.BaseURL != "" && normal(cfg.BaseURL) != normal(base) {
		diagnose(source + " overrides baseURL of " + cfg.BaseURLFile())
	}
	if s.Timeout <= 0 {
		return nil, problem.Inputf("--timeout must be above 0, not %s", s.Timeout)
	}
	conn := &Connection{
		Project: project, keys: newKeySource(credentials.secret()), pause: s.Pause, diagnose: diagnose,
		clients: map[string]*client.Client{}, stopping: make(chan struct{}), projectSource: projectSource, serverSource: source,
	}
	conn.notify = func(cause error, d time.Duration) {
		diagnose(retryText(cause) + "; trying again in " + d.Round(time.Second/10).String())
	}
	conn.options = client.Options{
		Credentials: credentials.create(credentials.values), BaseURL: base, PlainHTTP: s.PlainHTTP, Timeout: s.Timeout,
		UserAgent: "atlasint", Wait: conn.wait,
	}
	if _, err := client.New(conn.options); err != nil {
		var wrong *client.UsageError
		if errors.As(err, &wrong) && wrong.Option == "BaseURL" {
			return nil, problem.Inputf("%s: %w", source, withHint(err))
		}
		return nil, problem.Of(problem.Input, withHint(err))
	}
	if u, err := url.Parse(base); err == nil {
		conn.Host = redact.Path(u.Host)
		conn.BaseURL, conn.Server = atlas.ShownURL(base), strings.TrimRight(base, "/")
	}
	return conn, nil
}

// Client returns the client of an API version. It creates the client on first use.
func (conn *Connection) Client(apiVersion string) (*client.Client, error) {
	conn.mu.Lock()
	defer conn.mu.Unlock()
	if c := conn.clients[apiVersion]; c != nil {
		return c, nil
	}
	options := conn.options
	options.APIVersion = apiVersion
	c, err := client.New(options)
	if err != nil {
		return nil, problem.Of(problem.Input, withHint(err))
	}
	conn.clients[apiVersion] = c
	return c, nil
}

// Close revokes the access token of a service account, if there is one. A first signal meanwhile ends the process only
// afterwards.
func (conn *Connection) Close() {
	if conn.ignoreSignals == nil && !conn.Stopped() {
		conn.RevokeOnSignals(func() {})
	}
	conn.revokeTokens()
	conn.releaseSignals()
}

func (conn *Connection) revokeTokens() {
	conn.mu.Lock()
	defer conn.mu.Unlock()
	for _, c := range conn.clients {
		if err := c.Close(); err != nil {
			conn.diagnose("warning: the access token was not revoked; it expires within one hour: " + ErrorText(err))
		}
	}
}

var errStopped = errors.New("stopped by a signal")

// wait waits before a request is repeated. It returns early if a signal stops the command.
func (conn *Connection) wait(ctx context.Context, d time.Duration) error {
	if d >= time.Second {
		conn.notify(netcause.Failure(ctx), d)
	}
	if conn.pause != nil {
		d = conn.pause(d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-conn.stopping:
		return errStopped
	}
}
