package validate

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/atlasint/atlasint/validate/internal/publichost"
)

type urlRule struct{}

func (urlRule) about() Rule {
	return Rule{
		ID: "url", Default: Error,
		Summary:  `the URL is not an absolute http or https URL, contains white space or invisible characters, or has an invalid host or port; plain http and hosts that are not on the public internet are warnings`,
		Evidence: `Atlas returns 400 INVALID_URL (official); it sends requests from the public internet`,
		Fails:    `{"type": "WEBHOOK", "url": "/hooks/atlas"}`,
		Passes:   `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas"}`,
	}
}

// content checks the URL of a webhook. No message shows it: such URLs are secrets.
func (urlRule) content(_ *check, t stringField) *problem {
	if t.field.Format != "uri" {
		return nil
	}
	s := t.value.Text
	u, err := url.Parse(s)
	switch {
	case strings.ContainsFunc(s, unicode.IsSpace):
		return &problem{message: " contains white space (value hidden)", next: hint(blankHint(s))}
	case around(s) != "", err == nil && strings.ContainsFunc(u.Host, invisible):
		return &problem{message: " contains an invisible character (value hidden)", next: hint("remove it; copied text often contains one")}
	case (err != nil || publichost.HasEmptyLabel(u.Hostname())) && strings.Contains(s, "://"):
		return &problem{message: " is malformed (value hidden)", next: hint("check its host, its port, and that two hexadecimal digits follow each %")}
	case err != nil || u.Scheme == "" || u.Host == "" || u.Hostname() == "":
		return &problem{message: " is not an absolute URL (value hidden)", next: hint("write the whole URL, beginning with https://")}
	case u.Scheme != "http" && u.Scheme != "https":
		return &problem{message: " is neither an http nor an https URL (value hidden)", next: hint("Atlas posts by https")}
	case !publichost.IsPort(u.Port()):
		return &problem{message: " has an invalid port (value hidden)", next: hint("ports go from 1 to 65535")}
	case publichost.Excludes(u.Hostname()):
		return &problem{Warning, " has a host that Atlas can't reach: loopback, private, reserved or unqualified", hint("use a public host")}
	case u.Scheme == "http":
		return &problem{Warning, " is plain http: others on the network can read the posts and their secret", hint("use https")}
	}
	return nil
}

// blankHint distinguishes white space around the URL from white space inside it.
func blankHint(s string) string {
	if !strings.ContainsFunc(strings.TrimSpace(s), unicode.IsSpace) {
		return "remove the white space around it"
	}
	return "write %20 for a space that belongs there"
}
