// Package access has the roles and the IP access lists of credentials.
package access

import (
	"errors"
	"net/netip"
	"strings"
)

// Role limits what a credential may do. It applies to all organizations and projects.
type Role string

// The roles by their names in Atlas.
const (
	OrgOwner      Role = "ORG_OWNER"
	GroupOwner    Role = "GROUP_OWNER"
	OrgReadOnly   Role = "ORG_READ_ONLY"
	GroupReadOnly Role = "GROUP_READ_ONLY"
)

// roles are the names of all roles for an error.
const roles = string(OrgOwner + ", " + GroupOwner + ", " + OrgReadOnly + " or " + GroupReadOnly)

// ParseRole returns the role of a name, [OrgOwner] for "". The error doesn't contain the name: it may be a misplaced
// secret.
func ParseRole(name string) (Role, error) {
	switch r := Role(name); r {
	case "":
		return OrgOwner, nil
	case OrgOwner, GroupOwner, OrgReadOnly, GroupReadOnly:
		return r, nil
	}
	return "", errors.New("unknown role; it is " + roles)
}

// CanWrite reports whether the role permits requests that change data.
func (r Role) CanWrite() bool { return r == OrgOwner || r == GroupOwner }

// CanCreateProjects reports whether the role permits the creation of projects.
func (r Role) CanCreateProjects() bool { return r == OrgOwner }

// List is an IP access list. An empty list allows all addresses.
type List []netip.Prefix

var errEntry = errors.New("no IP address or CIDR block, such as 192.0.2.7 or 10.0.0.0/8")

// ParseEntry returns an entry of a list: an IP address or a CIDR block. The error doesn't contain the text: it may be a
// misplaced secret.
func ParseEntry(text string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if !strings.Contains(text, "/") {
		var addr netip.Addr
		addr, err = netip.ParseAddr(text)
		addr = addr.Unmap()
		if addr.Zone() != "" {
			err = errEntry
		}
		prefix = netip.PrefixFrom(addr, addr.BitLen())
	}
	if err != nil || prefix.Addr().Is4In6() {
		return netip.Prefix{}, errEntry
	}
	return prefix, nil
}

// Allows reports whether the list allows an address.
func (l List) Allows(addr netip.Addr) bool {
	for _, prefix := range l {
		if prefix.Contains(addr) {
			return true
		}
	}
	return len(l) == 0
}

// Peer returns the IP address of a remote address, HOST:PORT as in [net/http.Request]. It is invalid, and its text is
// "invalid IP", if the connection has no IP address.
func Peer(remote string) netip.Addr {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}
