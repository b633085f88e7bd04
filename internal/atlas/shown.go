package atlas

import (
	"net/url"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// ShownURL returns the base URL of a server as text that is safe to show: scheme and host, and [redact.Hidden] for its
// path, which may contain a token. A text that is not a URL of a host is hidden. So is a URL with @ in its path: its
// host may be part of a user name, since the parser takes a password with a slash for a path.
func ShownURL(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Scheme == "" || u.Host == "" || strings.Contains(u.Path, "@") {
		return redact.Hidden
	}
	path := ""
	if strings.Trim(u.Path, "/") != "" {
		path = "/" + redact.Hidden
	}
	shown := url.URL{Scheme: u.Scheme, Host: u.Host}
	return redact.Shorten(redact.Line(shown.String())) + path
}

// ShownName returns the name of a type or a field as text that is safe to show: a server may return any name.
func ShownName(name string) string { return redact.Line(redact.Plain(name)) }

// ShownID returns the ID of an integration as text that is safe to show.
func ShownID(id string) string {
	if IsID(id) { // integration IDs have the form of project IDs
		return id
	}
	return ShownName(id)
}
