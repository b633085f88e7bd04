package content

import (
	"net/url"
	"strings"
	"unicode"
)

// Fault is a fault of a string. Its texts contain nothing of the string.
type Fault struct {
	Message string // follows the name of the field
	Hint    string
	Warning bool // Atlas accepts the string
}

// URL returns the first fault of the URL of a webhook, nil if it has none.
func URL(s string) *Fault {
	u, err := url.Parse(s)
	switch {
	case strings.ContainsFunc(s, unicode.IsSpace):
		return &Fault{Message: " contains white space (value hidden)", Hint: blankHint(s)}
	case Around(s) != "", err == nil && strings.ContainsFunc(u.Host, invisible):
		return &Fault{Message: " contains an invisible character (value hidden)", Hint: "remove it; copied text often contains one"}
	case (err != nil || hasEmptyLabel(u.Hostname())) && strings.Contains(s, "://"):
		return &Fault{Message: " is malformed (value hidden)", Hint: "check its host, its port, and that two hexadecimal digits follow each %"}
	case err != nil || u.Scheme == "" || u.Host == "" || u.Hostname() == "":
		return &Fault{Message: " is not an absolute URL (value hidden)", Hint: "write the whole URL, beginning with https://"}
	case u.Scheme != "http" && u.Scheme != "https":
		return &Fault{Message: " is neither an http nor an https URL (value hidden)", Hint: "Atlas posts by https"}
	case !isPort(u.Port()):
		return &Fault{Message: " has an invalid port (value hidden)", Hint: "ports go from 1 to 65535"}
	case isUnreachable(u.Hostname()):
		return &Fault{Message: " has a host that Atlas can't reach: loopback, private, reserved or unqualified",
			Hint: "use a public host", Warning: true}
	case u.Scheme == "http":
		return &Fault{Message: " is plain http: others on the network can read the posts and their secret", Hint: "use https", Warning: true}
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
