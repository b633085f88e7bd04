package atlas

import (
	"net/url"
	"strings"
)

// BaseURLOf returns a URL without a path that marks an endpoint, such as /api/atlas/v2, and reports whether it has one.
// The result is "" if another path is before the mark: it may contain a secret.
func BaseURLOf(u *url.URL, mark string) (base string, found bool) {
	before, _, found := strings.Cut(u.Path+"/", strings.TrimRight(mark, "/")+"/")
	if !found || strings.Trim(before, "/") != "" || u.User != nil {
		return "", found
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host}).String(), true
}
