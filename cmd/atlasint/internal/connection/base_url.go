package connection

import (
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// resolveBaseURL returns the base URL, and the flag, variable or file that sets it.
func (s *Settings) resolveBaseURL(profile *cliprofile.Profile, cfg *workspace.Config) (base, source string, err error) {
	if s.BaseURL != "" {
		return s.BaseURL, "--base-url", nil
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
		return atlas.BaseURL, "the default", nil
	case !isURL(cfg.BaseURL):
		return "", "", exit.Usagef("%s: baseURL is not a URL; write one such as %s", cfg.BaseURLFile(), atlas.BaseURL)
	case !isTrusted(cfg.BaseURL):
		return "", "", exit.Usagef("%s: baseURL is neither https at mongodb.com or mongodbgov.com nor this machine; a file in a repository must not send credentials to other hosts; if you trust the host, set --base-url or %s",
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
	return atlas.IsLoopback(host) || u.Scheme == "https" && u.Port() == "" && isAtlas(host)
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

// IsGovernment reports whether a base URL is one of Atlas for Government.
func IsGovernment(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return isAtlas(host) && strings.HasSuffix("."+host, ".mongodbgov.com")
}
