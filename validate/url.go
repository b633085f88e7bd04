package validate

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// url judges a URL that Atlas is to post to. It never shows it: such URLs are secrets.
func (c *check) url(f *field, value *jsonpos.Value, at span) bool {
	u, err := url.Parse(value.Text)
	switch {
	case strings.ContainsFunc(value.Text, unicode.IsSpace):
		c.add(ruleURL, at, c.subject(f)+" holds white space (value hidden)", blankHint(value.Text))
	case around(value.Text) != "", err == nil && strings.ContainsFunc(u.Host, invisible):
		c.add(ruleURL, at, c.subject(f)+" holds an invisible character (value hidden)", "remove it; text that is copied may bring one along")
	case (err != nil || hasEmptyLabel(u.Hostname())) && strings.Contains(value.Text, "://"):
		c.add(ruleURL, at, c.subject(f)+" is malformed (value hidden)", "check its host, its port, and that two hexadecimal digits follow each %")
	case err != nil || u.Scheme == "" || u.Host == "" || u.Hostname() == "":
		c.add(ruleURL, at, c.subject(f)+" is not an absolute URL (value hidden)", "write the whole URL, from https:// on")
	case u.Scheme != "http" && u.Scheme != "https":
		c.add(ruleURL, at, c.subject(f)+" is neither an http nor an https URL (value hidden)", "Atlas posts by https")
	case !isPort(u.Port()):
		c.add(ruleURL, at, c.subject(f)+" names a port that can't be (value hidden)", "ports go from 1 to 65535")
	case private(u.Hostname()):
		c.addAs(Warning, ruleURL, at, c.subject(f)+" names a host that Atlas can't reach: loopback, private or unqualified", "use a public host")
	case u.Scheme == "http":
		c.addAs(Warning, ruleURL, at, c.subject(f)+" is plain http: its posts, and their secret, can be read on the way", "use https")
	default:
		return false
	}
	return true
}

// blankHint tells white space that came along with the URL from that inside of it.
func blankHint(s string) string {
	if !strings.ContainsFunc(strings.TrimSpace(s), unicode.IsSpace) {
		return "remove the white space around it"
	}
	return "write %20 for a space that belongs there"
}

// hasEmptyLabel tells names such as .example.com, which is left where a variable before the dot had no value.
func hasEmptyLabel(host string) bool {
	return strings.HasPrefix(host, ".") || strings.Contains(host, "..")
}

// isPort accepts no port, too, which is that of the scheme.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return s == "" || err == nil && n > 0
}

// shared is what providers hand out behind their own translation (RFC 6598).
var shared = netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10)

// private tells hosts that are not on the public internet.
func private(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip.Unmap())
	}
	for _, suffix := range []string{".localhost", ".local", ".internal", ".lan"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}

var templateVariable = lazily(`\$\{[^{}]*\}`)

// template judges a webhook template: by its own size, for want of the rendered one, and by the JSON
// that is left once every variable is filled with a digit, which fits inside and outside of quotes.
func (c *check) template(f *field, value *jsonpos.Value, at span) {
	if n := len(value.Text); n > f.TemplateBytes {
		c.add(ruleTemplateJSON, at, fmt.Sprintf("%s has %d bytes; Atlas uses its default once a template renders to more than %d", c.subject(f), n, f.TemplateBytes), "shorten it")
	}
	filled := []byte(templateVariable().ReplaceAllString(value.Text, "0"))
	switch f.TemplateShape {
	case "headers":
		var headers map[string]any
		if json.Unmarshal(filled, &headers) != nil || headers == nil || nested(headers) {
			c.add(ruleTemplateJSON, at, c.subject(f)+" does not render to a JSON object of header names and values", "Atlas sends its default headers instead")
		}
	default:
		if !json.Valid(filled) {
			c.add(ruleTemplateJSON, at, c.subject(f)+" does not render to JSON", "Atlas posts its default body instead")
		}
	}
}

func nested(headers map[string]any) bool {
	for _, value := range headers {
		switch value.(type) {
		case map[string]any, []any, nil:
			return true
		}
	}
	return false
}
