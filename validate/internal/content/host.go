package content

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// reserved are the IPv4 addresses that no host on the public internet has, except those of package netip.
var reserved = prefixes(
	"0.0.0.0/8",       // this network (RFC 791)
	"100.64.0.0/10",   // behind the address translation of providers (RFC 6598)
	"192.0.0.0/24",    // protocol assignments (RFC 6890)
	"192.88.99.0/24",  // relays from IPv6, no longer in use (RFC 7526)
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
	// unrouted are those that only tunnels, benchmarks and identifiers use (RFC 4380, RFC 5180, RFC 4843, RFC 7343).
	unrouted = prefixes("2001::/32", "2001:2::/48", "2001:10::/28", "2001:20::/28")
	// sixToFour addresses contain an IPv4 address (RFC 3056).
	sixToFour = netip.MustParsePrefix("2002::/16")
)

// privateDomains are the top-level domains that the public domain name system does not have: RFC 6761, 6762, 7686
// and 8375, those that ICANN reserves for private use or never delegates, and those of networks and clusters. The
// domain example is not among them: documents use it.
var privateDomains = []string{
	"localhost", "local", "invalid", "test", "onion", "alt", "internal", "corp", "home", "mail", "lan", "localdomain",
	"intranet", "private", "svc", "home.arpa", "default", "cluster", "consul", "docker",
}

// loopbackDomains are public domains whose names all lead to the machine itself; addressDomains those whose names
// lead to the address that they contain.
var (
	loopbackDomains = []string{"localtest.me", "lvh.me"}
	addressDomains  = []string{"nip.io", "sslip.io", "xip.io"}
)

func prefixes(list ...string) []netip.Prefix {
	all := make([]netip.Prefix, len(list))
	for i, s := range list {
		all[i] = netip.MustParsePrefix(s)
	}
	return all
}

// isUnreachable reports whether a host, a name or an address, is not on the public internet.
func isUnreachable(host string) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		return !isPublic(ip.Unmap())
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	if last == host || isNumber(last) || !strings.HasPrefix(last, "xn--") && strings.ContainsAny(last, "-_0123456789") {
		return true
	}
	if name, found := below(host, addressDomains); found {
		ip, ok := addressIn(name)
		return ok && !isPublic(ip.Unmap())
	}
	_, isPrivate := below(host, privateDomains)
	_, isLoopback := below(host, loopbackDomains)
	return isPrivate || isLoopback
}

// below returns the part of a host before one of the domains, and whether it is in one.
func below(host string, domains []string) (name string, found bool) {
	for _, domain := range domains {
		rest, ends := strings.CutSuffix(host, domain)
		if ends && (rest == "" || strings.HasSuffix(rest, ".")) {
			return strings.TrimSuffix(rest, "."), true
		}
	}
	return "", false
}

// addressIn returns the address that a name such as app.10.0.0.1, app-10-0-0-1, 0a000001 or fd00--1 ends with.
func addressIn(name string) (netip.Addr, bool) {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if ip, err := netip.ParseAddr(strings.ReplaceAll(last, "-", ":")); err == nil {
		return ip, true
	}
	if digits, err := strconv.ParseUint(last, 16, 32); err == nil && len(last) == 8 {
		return netip.AddrFrom4([4]byte{byte(digits >> 24), byte(digits >> 16), byte(digits >> 8), byte(digits)}), true
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '-' })
	if len(parts) < 4 {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(strings.Join(parts[len(parts)-4:], "."))
	return ip, err == nil
}

func isPublic(ip netip.Addr) bool {
	contains := func(p netip.Prefix) bool { return p.Contains(ip) }
	switch {
	case !ip.IsGlobalUnicast() || ip.IsPrivate():
		return false
	case ip.Is4():
		return !slices.ContainsFunc(reserved, contains)
	}
	if sixToFour.Contains(ip) {
		a := ip.As16()
		return isPublic(netip.AddrFrom4([4]byte(a[2:6])))
	}
	return assigned.Contains(ip) && !slices.ContainsFunc(documentation, contains) && !slices.ContainsFunc(unrouted, contains)
}

// isNumber reports whether the last label of a host is a number. Resolvers read such a host as an IPv4 address in
// another form, such as 127.1 or 0x7f.1, which can't be recognized as public.
func isNumber(label string) bool {
	digits, isHex := strings.CutPrefix(label, "0x")
	return strings.Trim(digits, "0123456789") == "" || isHex && strings.Trim(digits, "0123456789abcdef") == ""
}

// hasEmptyLabel reports whether a host has an empty label, such as .example.com: a variable before the dot had no
// value.
func hasEmptyLabel(host string) bool {
	return strings.HasPrefix(host, ".") || strings.Contains(host, "..")
}

// isPort reports whether s can be a port; no port means that of the scheme.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return s == "" || err == nil && n > 0
}
