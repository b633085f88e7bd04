package connection

import (
	"net/url"
	"os"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// resolveBaseURL returns the base URL, and the flag, variable or file that sets it.
func (s *Settings) resolveBaseURL(profile *cliprofile.Profile, cfg *workspace.Config) (base, source string, err error) {
	if s.BaseURL != "" {
		return s.BaseURL, baseURLFlag, nil
	}
	if profile != nil { // the file is the user's own
		if base, err := profile.Server(); base != "" || err != nil {
			return base, redact.Path(profile.File), err
		}
	}
	switch {
	case os.Getenv(BaseURLVariable) != "":
		return os.Getenv(BaseURLVariable), BaseURLVariable, nil
	case cfg.BaseURL == "":
		return atlas.BaseURL, defaultServer, nil
	case !isURL(cfg.BaseURL):
		return "", "", problem.Inputf("%s: baseURL is not a URL; write one such as %s", cfg.BaseURLFile(), atlas.BaseURL)
	case !isTrusted(cfg.BaseURL):
		return "", "", problem.Inputf("%s: baseURL is neither https at mongodb.com or mongodbgov.com nor this machine; a file in a repository must not send credentials to other hosts; if you trust the host, set --base-url or %s",
			cfg.BaseURLFile(), BaseURLVariable)
	}
	return cfg.BaseURL, cfg.BaseURLFile(), nil
}

// isURL reports whether a text is a URL with a scheme and a host.
func isURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && u.Host != ""
}

// isTrusted reports whether a configuration file may set a base URL: https of Atlas, or this machine. The author of
// a repository must not choose where the credentials of its users are sent.
func isTrusted(base string) bool {
	u, err := url.Parse(base)
	if err != nil || u.User != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return atlas.IsLoopback(host) || u.Scheme == "https" && u.Port() == "" && atlas.IsHost(host)
}
