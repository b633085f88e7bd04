package client

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// parseBase returns the base URL with a slash at its end. No message shows the URL: it may contain a password.
func parseBase(text string, plainHTTP bool) (string, error) {
	const form = "use a URL such as " + atlas.BaseURL
	u, err := url.Parse(text)
	if err != nil {
		return "", wrongBase("the base URL can't be parsed", form, "")
	}
	host, isEndpoint := atlas.BaseURLOf(u, "/api/atlas/")
	switch {
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return "", wrongBase("the base URL is not an absolute http(s) URL", form, "")
	case u.Port() != "" && !isPort(u.Port()):
		return "", wrongBase("the base URL has a port out of range", "use a port from 1 to 65535", "")
	case u.User != nil || strings.Contains(u.EscapedPath(), "@"): // after a slash in a password
		return "", wrongBase("the base URL contains a user name or password", "pass them in the option Credentials", "Credentials")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return "", wrongBase("the base URL has a query or a fragment", "end it with the host or a path", "")
	case isEndpoint:
		return "", wrongBase("the base URL contains the path of the API", beforeAPI(host), "")
	case u.Scheme == "http" && !plainHTTP && !atlas.IsLoopback(u.Hostname()):
		return "", wrongBase("the base URL is http, so that others can read payloads and tokens",
			"use https, or allow http with the option PlainHTTP", "PlainHTTP")
	}
	return strings.TrimRight(u.String(), "/") + "/", nil
}

// beforeAPI returns the hint for a URL that contains the path of the API, with the base URL if that is a host alone.
func beforeAPI(host string) string {
	if host == "" {
		return "end it before /api/atlas"
	}
	return "end it before /api/atlas: " + redact.Line(host)
}

func wrongBase(reason, hint, option string) error {
	return &UsageError{Option: "BaseURL", Reason: reason, Hint: hint, SuggestedOption: option}
}

// isPort reports whether the digits are the number of a port.
func isPort(digits string) bool {
	n, err := strconv.ParseUint(digits, 10, 16)
	return err == nil && n > 0
}
