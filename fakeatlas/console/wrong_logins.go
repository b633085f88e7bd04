package console

import (
	"maps"
	"net/http"
	"net/netip"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/tokenbucket"
	"github.com/atlasint/atlasint/fakeatlas/store"
)

// wrongTokens limits the logins with a wrong token from one network.
var wrongTokens = store.Bucket{Capacity: 10, Refill: 10, Interval: time.Minute}

// maxNetworks is the number of networks with a limit of their own. All others share one.
const maxNetworks = 1000

// wrongLogins counts the logins with a wrong token by network, so that one client can't keep others from logging in.
// It is not safe for concurrent use.
type wrongLogins map[netip.Prefix]*tokenbucket.Level

// of returns the level of a network.
func (w wrongLogins) of(network netip.Prefix, now time.Time) *tokenbucket.Level {
	if len(w) >= maxNetworks {
		maps.DeleteFunc(w, func(_ netip.Prefix, level *tokenbucket.Level) bool {
			return level.Left(wrongTokens, now) == wrongTokens.Capacity
		})
	}
	if len(w) >= maxNetworks && w[network] == nil {
		network = netip.Prefix{}
	}
	if w[network] == nil {
		w[network] = new(tokenbucket.Level)
	}
	return w[network]
}

// networkOf returns the network of a client: its IPv4 address, or the half of its IPv6 address that names a network.
func networkOf(r *http.Request) netip.Prefix {
	client, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Prefix{}
	}
	address, bits := client.Addr().Unmap(), 64
	if address.Is4() {
		bits = 32
	}
	network, _ := address.WithZone("").Prefix(bits) // neither address is too short
	return network
}
