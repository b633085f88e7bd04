package client

import (
	"net"
	"net/url"
	"strings"
)

// parseBase returns the base URL with a slash at its end. No message shows the URL: it may hold a password.
func parseBase(text string, plainHTTP bool) (string, error) {
	const example = "it should look like " + DefaultBaseURL
	u, err := url.Parse(text)
	if err != nil {
		return "", usage("the base URL can't be read: %s", example)
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return "", usage("the base URL is not an absolute http(s) URL: %s", example)
	case u.User != nil:
		return "", usage("the base URL holds a user name or password: credentials go into WithDigest and its neighbours")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return "", usage("the base URL has a query or a fragment: it must end with the host, or a path")
	case strings.Contains(u.Path+"/", "/api/atlas/"):
		return "", usage("the base URL goes too far: it must end before /api/atlas")
	case u.Scheme == "http" && !plainHTTP && !isLoopback(u.Hostname()):
		return "", usage("the base URL is http, where others can read payloads and tokens: use https, or allow it with WithPlainHTTP")
	}
	return strings.TrimRight(u.String(), "/") + "/", nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}
