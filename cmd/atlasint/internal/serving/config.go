package serving

import (
	"io"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// Config is what [Config.Open] creates a server from: the values of the flags of atlasint serve, and its output.
type Config struct {
	Address      string   // HOST:PORT
	AddressFile  string   // receives the base URL; "" for no file
	AllowedHosts []string // host names that clients may use besides those of this machine

	Input io.Reader // the server stops when it ends; nil if only signals stop the server

	Accounts             Accounts
	ControlToken         Credential
	NoControl, NoConsole bool
	Projects             []string // the IDs of all projects; none: every well-formed ID

	SeedDir, StubDir, RecordDir string // folders; "" for none
	Store                       string // a URL, a file, or memory
	Fallback                    string // a URL; "" for none
	FallbackRemote              bool
	RateLimit                   int // requests in the token bucket of a project; 0 for no limit
	Connections                 int // the maximum number of open connections
	Latency                     time.Duration
	Choices                     fakeatlas.Choices

	TLSCert, TLSKey string // PEM files; "" for plain http
	LogFormat       string // one of [LogFormats]
	Quiet           bool   // log errors only, and pass no notes to Diagnose

	IsSet    func(flag string) bool // reports whether a flag was set
	Report   report.Report          // the settings of the report of invalid seeds
	Out      io.Writer              // for that report
	Log      io.Writer              // for the log
	Diagnose func(text string)      // receives warnings and notes
}

// resolve sets the credentials and the store of the environment for flags that are not set, and returns the
// credentials.
func (c *Config) resolve() ([]fakeatlas.Credential, error) {
	for _, one := range append(c.Accounts.Single(), &c.ControlToken) {
		one.Resolve(c.IsSet(one.Flag))
	}
	credentials, err := c.Accounts.Read(c.IsSet)
	if err != nil {
		return nil, err
	}
	c.resolveStore()
	return credentials, nil
}

// resolveStore uses the store of the environment unless there is a flag.
func (c *Config) resolveStore() {
	if env := os.Getenv(StoreVariable); env != "" && !c.IsSet("store") {
		c.Store = env
		return
	}
	if u, err := url.Parse(c.Store); err == nil && u.User != nil {
		if _, has := u.User.Password(); has {
			c.Diagnose("warning: other users of the machine can see the password in --store; set " + StoreVariable + " in its place")
		}
	}
}

// check returns the usage error of values that are out of range or contradict each other.
func (c *Config) check() error {
	if err := checkStore(c.Store); err != nil {
		return err
	}
	if err := c.checkAllowedHosts(); err != nil {
		return err
	}
	for _, id := range c.Projects {
		if !atlas.IsID(id) {
			return problem.Inputf("--group: %s is not a project ID; it has %s", redact.Value(id), atlas.IDForm)
		}
	}
	switch {
	case c.Connections < 1:
		return problem.Inputf("--max-connections must be at least 1, not %d", c.Connections)
	case c.Latency < 0:
		return problem.Inputf("--latency must not be negative, got %v", c.Latency)
	case !slices.Contains(LogFormats, c.LogFormat):
		return problem.Inputf("unknown log format %s; use %s", redact.Value(c.LogFormat), strings.Join(LogFormats, " or "))
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return problem.Inputf("--tls-cert and --tls-key require each other; set both or neither")
	case c.FallbackRemote && c.Fallback == "":
		return problem.Inputf("--fallback-remote needs --fallback; add it, or leave both out")
	case c.NoControl && c.IsSet(c.ControlToken.Flag):
		return problem.Inputf("--control-token has no effect with --no-control; leave out one of them")
	}
	return nil
}

// options returns the options of the fake. The credentials are those of [Config.resolve].
func (c *Config) options(credentials []fakeatlas.Credential, control bool) []fakeatlas.Option {
	opts := []fakeatlas.Option{
		fakeatlas.WithCredentials(credentials...),
		fakeatlas.WithRateLimit(c.RateLimit), fakeatlas.WithLatency(c.Latency), fakeatlas.WithChoices(c.Choices),
	}
	with := func(on bool, option fakeatlas.Option) {
		if on {
			opts = append(opts, option)
		}
	}
	with(len(c.Projects) > 0, fakeatlas.WithProjects(c.Projects...))
	with(c.Accounts.NoAuth, fakeatlas.WithoutAuth())
	with(c.Fallback != "" && !c.FallbackRemote, fakeatlas.WithFallback(c.Fallback))
	with(c.Fallback != "" && c.FallbackRemote, fakeatlas.WithRemoteFallback(c.Fallback))
	with(c.RecordDir != "", fakeatlas.WithRecordings(c.RecordDir))
	with(!control, fakeatlas.WithoutControl())
	with(control && c.ControlToken.Value != "", fakeatlas.WithControl(c.ControlToken.Value))
	return opts
}

// warn passes a warning to Diagnose.
func (c *Config) warn(text string) { c.Diagnose("warning: " + text) }

// note passes a text to Diagnose unless only errors are wanted.
func (c *Config) note(text string) {
	if !c.Quiet {
		c.Diagnose(text)
	}
}
