package cli

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// The environment of the commands that call Atlas.
const (
	publicKeyVariable    = "MONGODB_ATLAS_PUBLIC_API_KEY"
	privateKeyVariable   = "MONGODB_ATLAS_PRIVATE_API_KEY"
	clientIDVariable     = "MONGODB_ATLAS_CLIENT_ID"
	clientSecretVariable = "MONGODB_ATLAS_CLIENT_SECRET"
	baseURLVariable      = "MONGODB_ATLAS_BASE_URL"
	projectVariable      = "MONGODB_ATLAS_PROJECT_ID"
)

// credentialHelp is the part of the help that the commands share.
const credentialHelp = `
Credentials come from the environment: MONGODB_ATLAS_PUBLIC_API_KEY and MONGODB_ATLAS_PRIVATE_API_KEY, or
MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET. The project is --project, else
MONGODB_ATLAS_PROJECT_ID, else groupId of .atlasint.yaml; the server is --base-url, else
MONGODB_ATLAS_BASE_URL, else baseURL of .atlasint.yaml, else https://cloud.mongodb.com.`

// connectFlags say where Atlas is and which project is meant.
type connectFlags struct {
	project, baseURL string
	plainHTTP        bool
	timeout          time.Duration
}

func (f *connectFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.project, "project", "", "project id (default: $"+projectVariable+", else groupId of the configuration)")
	flags.StringVar(&f.baseURL, "base-url", "", "where Atlas is, up to what comes before /api/atlas (default: $"+baseURLVariable+", else baseURL of the configuration)")
	flags.BoolVar(&f.plainHTTP, "plain-http", false, "allow a base URL with http to other machines, which anybody on the way can read")
	flags.DurationVar(&f.timeout, "timeout", 30*time.Second, "how long one request may take")
}

// connection is the project that a command works on, and how to reach it.
type connection struct {
	project  string
	host     string
	options  []client.Option
	clients  map[string]*client.Client // by generation
	stopping chan struct{}             // closed when no further waiting is wanted
	notify   func(time.Duration)       // is told of waits
}

// connect settles all that can be wrong before anything is sent.
func (f *connectFlags) connect(cmd *cobra.Command, cfg *workspace.Config) (*connection, error) {
	project, err := f.projectID(cfg)
	if err != nil {
		return nil, err
	}
	credentials, err := credentialsOf(os.Getenv)
	if err != nil {
		return nil, err
	}
	base, source, err := f.base(cfg)
	if err != nil {
		return nil, err
	}
	a := &connection{project: project, clients: map[string]*client.Client{}, stopping: make(chan struct{})}
	a.notify = func(d time.Duration) {
		complain(cmd.ErrOrStderr(), "the server is busy or away; trying again in "+d.Round(time.Second/10).String())
	}
	a.options = []client.Option{
		credentials, client.WithBaseURL(base), client.WithTimeout(f.timeout),
		client.WithUserAgent("atlasint"), client.WithWait(a.wait),
	}
	if f.plainHTTP {
		a.options = append(a.options, client.WithPlainHTTP())
	}
	if _, err := client.New(a.options...); err != nil {
		var wrong *client.UsageError
		if errors.As(err, &wrong) && wrong.Option == "WithBaseURL" {
			return nil, exit.Usagef("%s: %v", source, worded(err))
		}
		return nil, exit.Usagef("%v", worded(err))
	}
	if u, err := url.Parse(base); err == nil {
		a.host = redact.Path(u.Host)
	}
	return a, nil
}

func (f *connectFlags) projectID(cfg *workspace.Config) (string, error) {
	project := cmp.Or(f.project, os.Getenv(projectVariable), cfg.GroupID)
	if project == "" {
		return "", exit.Usagef("no project; give --project ID, or set %s", projectVariable)
	}
	if !atlas.IsID(project) {
		return "", exit.Usagef("%s is no project id; it has %s", redact.Value(project), atlas.IDForm)
	}
	return project, nil
}

// credentialsOf takes the credentials of the environment, never of flags: other users can see those.
func credentialsOf(getenv func(string) string) (client.Option, error) {
	public, private := getenv(publicKeyVariable), getenv(privateKeyVariable)
	id, secret := getenv(clientIDVariable), getenv(clientSecretVariable)
	key, account := public+private != "", id+secret != ""
	switch {
	case key && account:
		return nil, exit.Usagef("the environment has both an API key and a service account; unset %s and %s, or %s and %s",
			publicKeyVariable, privateKeyVariable, clientIDVariable, clientSecretVariable)
	case !key && !account:
		return nil, exit.Usagef("no credentials; set %s and %s, or %s and %s",
			publicKeyVariable, privateKeyVariable, clientIDVariable, clientSecretVariable)
	case key:
		return client.WithDigest(public, private), bothSet(publicKeyVariable, public, privateKeyVariable, private)
	}
	return client.WithServiceAccount(id, secret), bothSet(clientIDVariable, id, clientSecretVariable, secret)
}

func bothSet(name, value, otherName, other string) error {
	switch {
	case value == "":
		return exit.Usagef("%s is set and %s is not; they go together", otherName, name)
	case other == "":
		return exit.Usagef("%s is set and %s is not; they go together", name, otherName)
	}
	return nil
}

// base is where Atlas is, and what says so.
func (f *connectFlags) base(cfg *workspace.Config) (base, source string, err error) {
	switch {
	case f.baseURL != "":
		return f.baseURL, "--base-url", nil
	case os.Getenv(baseURLVariable) != "":
		return os.Getenv(baseURLVariable), baseURLVariable, nil
	case cfg.BaseURL == "":
		return client.DefaultBaseURL, "the default", nil
	case !trusted(cfg.BaseURL):
		return "", "", exit.Usagef("%s: its baseURL is neither https of mongodb.com or mongodbgov.com nor this machine, and a file that comes with a repository must not send credentials elsewhere; if you trust it, repeat it as --base-url or in %s",
			redact.Path(cfg.File), baseURLVariable)
	}
	return cfg.BaseURL, redact.Path(cfg.File), nil
}

// trusted reports whether a configuration file may name a base URL: https of Atlas, or this machine. The author
// of a file in a repository must not choose where the credentials of its readers go.
func trusted(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.User != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return isLoopback(host) || u.Scheme == "https" && u.Port() == "" && isAtlas(host)
}

// isAtlas reports whether host is a name of Atlas, compared label by label. Names have no percent sign and no
// colon: an IPv6 address with a zone can end in any text.
func isAtlas(host string) bool {
	labels := strings.Split(host, ".")
	if slices.ContainsFunc(labels, func(label string) bool {
		return label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != ""
	}) {
		return false
	}
	last := len(labels) - 2
	return last >= 0 && labels[last+1] == "com" && (labels[last] == "mongodb" || labels[last] == "mongodbgov")
}

// isGovernment reports whether a base URL is one of Atlas for Government.
func isGovernment(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return isAtlas(host) && strings.HasSuffix("."+host, ".mongodbgov.com")
}

// client is the client of a generation, made when it is first needed.
func (a *connection) client(generation string) (*client.Client, error) {
	if c := a.clients[generation]; c != nil {
		return c, nil
	}
	c, err := client.New(append(slices.Clone(a.options), client.WithAPIVersion(generation))...)
	if err != nil {
		return nil, exit.Usagef("%v", worded(err))
	}
	a.clients[generation] = c
	return c, nil
}

// close revokes the token of a service account, if one was had.
func (a *connection) close(cmd *cobra.Command) {
	for _, c := range a.clients {
		if err := c.Close(); err != nil {
			complain(cmd.ErrOrStderr(), "warning: the access token was not revoked, and ends within the hour: "+worded(err).Error())
		}
	}
}

var errStopped = errors.New("stopped by a signal")

// wait is how the client waits before it repeats a request.
func (a *connection) wait(ctx context.Context, d time.Duration) error {
	if d >= time.Second {
		a.notify(d)
	}
	timer := time.NewTimer(pause(d))
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

// refused is the error of a command that Atlas, or the way there, has failed. Asked for a change, Atlas may
// refuse it: that is a finding.
func refused(err error, changing bool) error {
	var end *exit.Error
	if errors.As(err, &end) {
		return end
	}
	return exit.New(codeOf(err, changing), worded(err).Error())
}

func codeOf(err error, changing bool) int {
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
	case errors.As(err, &payload):
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
		code = max(code, codeOf(e, true))
	}
	return code
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || host == "localhost"
}

// pause is how long a wait takes. Tests make it short.
var pause = func(d time.Duration) time.Duration { return d }
