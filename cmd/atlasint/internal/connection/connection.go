package connection

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"os"
	"slices"
	"time"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// Settings say where Atlas is and which project is meant.
type Settings struct {
	Project, BaseURL string
	PlainHTTP        bool
	Timeout          time.Duration
	Pause            func(time.Duration) time.Duration // how long a wait takes. Tests make it short.
}

// Connection is the project that a command works on, and how to reach it.
type Connection struct {
	Project  string
	Host     string
	options  []client.Option
	clients  map[string]*client.Client // by generation
	stopping chan struct{}             // closed when no further waiting is wanted
	notify   func(time.Duration)       // is told of waits
	pause    func(time.Duration) time.Duration
	complain func(text string)
}

// Connect settles all that can be wrong before anything is sent.
func (f *Settings) Connect(cfg *workspace.Config, complain func(text string)) (*Connection, error) {
	project, err := f.projectID(cfg)
	if err != nil {
		return nil, err
	}
	credentials, err := credentialsOf(os.Getenv)
	if err != nil {
		return nil, err
	}
	base, source, err := f.resolveBaseURL(cfg)
	if err != nil {
		return nil, err
	}
	a := &Connection{Project: project, pause: f.Pause, complain: complain, clients: map[string]*client.Client{}, stopping: make(chan struct{})}
	a.notify = func(d time.Duration) {
		complain("the server is busy or away; trying again in " + d.Round(time.Second/10).String())
	}
	a.options = []client.Option{
		credentials, client.WithBaseURL(base), client.WithTimeout(f.Timeout),
		client.WithUserAgent("atlasint"), client.WithWait(a.wait),
	}
	if f.PlainHTTP {
		a.options = append(a.options, client.WithPlainHTTP())
	}
	if _, err := client.New(a.options...); err != nil {
		var wrong *client.UsageError
		if errors.As(err, &wrong) && wrong.Option == "WithBaseURL" {
			return nil, exit.Usagef("%s: %v", source, WithCommandHints(err))
		}
		return nil, exit.Usagef("%v", WithCommandHints(err))
	}
	if u, err := url.Parse(base); err == nil {
		a.Host = redact.Path(u.Host)
	}
	return a, nil
}

func (f *Settings) projectID(cfg *workspace.Config) (string, error) {
	project := cmp.Or(f.Project, os.Getenv(ProjectVariable), cfg.GroupID)
	if project == "" {
		return "", exit.Usagef("no project; give --project ID, or set %s", ProjectVariable)
	}
	if !atlas.IsID(project) {
		return "", exit.Usagef("%s is no project id; it has %s", redact.Value(project), atlas.IDForm)
	}
	return project, nil
}

// Client is the client of a generation, made when it is first needed.
func (a *Connection) Client(generation string) (*client.Client, error) {
	if c := a.clients[generation]; c != nil {
		return c, nil
	}
	c, err := client.New(append(slices.Clone(a.options), client.WithAPIVersion(generation))...)
	if err != nil {
		return nil, exit.Usagef("%v", WithCommandHints(err))
	}
	a.clients[generation] = c
	return c, nil
}

// Close revokes the token of a service account, if one was had.
func (a *Connection) Close() {
	for _, c := range a.clients {
		if err := c.Close(); err != nil {
			a.complain("warning: the access token was not revoked, and ends within the hour: " + WithCommandHints(err).Error())
		}
	}
}

var errStopped = errors.New("stopped by a signal")

// wait is how the client waits before it repeats a request.
func (a *Connection) wait(ctx context.Context, d time.Duration) error {
	if d >= time.Second {
		a.notify(d)
	}
	timer := time.NewTimer(a.pause(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-a.stopping:
		return errStopped
	}
}
