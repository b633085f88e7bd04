package atlas

import (
	"net/url"
	"slices"
	"strings"
)

// IsHost reports whether host, in lower case and without a port, is a name of Atlas, compared label by label. Names
// have no percent sign and no colon: an IPv6 address with a zone can end in any text.
func IsHost(host string) bool {
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
	return IsHost(host) && strings.HasSuffix("."+host, ".mongodbgov.com")
}
