package validate

import (
	"net/netip"
	"slices"
	"strings"
)

// reserved are the IPv4 addresses that no host on the public internet has, beyond those that package netip knows.
var reserved = prefixes(
	"0.0.0.0/8",       // this network (RFC 791)
	"100.64.0.0/10",   // behind the address translation of providers (RFC 6598)
	"192.0.0.0/24",    // protocol assignments (RFC 6890)
	"192.0.2.0/24",    // documentation (RFC 5737)
	"198.18.0.0/15",   // benchmarks (RFC 2544)
	"198.51.100.0/24", // documentation (RFC 5737)
	"203.0.113.0/24",  // documentation (RFC 5737)
	"240.0.0.0/4",     // reserved (RFC 1112), and broadcast
)

// assigned are the IPv6 addresses that hosts on the public internet have, and documentation those among them that
// none has (RFC 3849, RFC 9637).
var (
	assigned      = netip.MustParsePrefix("2000::/3")
	documentation = prefixes("2001:db8::/32", "3fff::/20")
)

// privateDomains are the top-level domains that the public domain name system does not have: RFC 6761, 6762, 7686
// and 8375, what ICANN keeps for private use or never delegates, and what networks and clusters use. The domain
// example is not among them: documents use it.
var privateDomains = []string{
	"localhost", "local", "invalid", "test", "onion", "alt", "internal", "corp", "home", "mail", "lan", "localdomain",
	"intranet", "private", "svc", "home.arpa",
}

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, s := range list {
		all[i] = netip.MustParsePrefix(s)
	}
	return all
}

// unreachable reports whether a host is not on the public internet.
func unreachable(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		return !isPublic(ip.Unmap())
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == host || isNumber(last) {
		return true
	}
	return slices.ContainsFunc(privateDomains, func(domain string) bool {
		rest, found := strings.CutSuffix(host, domain)
		return found && (rest == "" || strings.HasSuffix(rest, "."))
	})
}

func isPublic(ip netip.Addr) bool {
	contains := func(p netip.Prefix) bool { return p.Contains(ip) }
	switch {
	case !ip.IsGlobalUnicast() || ip.IsPrivate():
		return false
	case ip.Is4():
		return !slices.ContainsFunc(reserved, contains)
	}
	return assigned.Contains(ip) && !slices.ContainsFunc(documentation, contains)
}

// isNumber reports whether the last label of a host is a number. Resolvers read such a host as an IPv4 address in
// another form, such as 127.1 or 0x7f.1, which can't be recognized as public.
func isNumber(label string) bool {
	digits, isHex := strings.CutPrefix(label, "0x")
	return strings.Trim(digits, "0123456789") == "" || isHex && strings.Trim(digits, "0123456789abcdef") == ""
}
