package atlas

import (
	"net/netip"
	"strings"
)

// IsLoopback reports whether a host without a port is a loopback address, or localhost. Other names may resolve to one,
// through a name server that anyone controls: they don't count. Neither does an address with a zone.
func IsLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Zone() == "" && addr.Unmap().IsLoopback()
}
