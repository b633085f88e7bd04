package fakectl

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/netcause"
)

// expectsHTTPS describes a server that got HTTP on a port for TLS.
const expectsHTTPS = "expects https; write https:// in the URL"

// reason returns an error of a request without a response with the text of [reasonText].
func reason(err error, limit, refused string) error {
	return problem.Worded(reasonText(err, limit, refused), err)
}

// reasonText describes why a request got no response, and the next step. It contains no text of the server, which can
// repeat the control token. The flag limit raises the time of the request; refused is the hint for a refused
// connection, "" for the usual one.
func reasonText(err error, limit, refused string) string {
	kind := netcause.Of(err)
	switch kind {
	case netcause.Canceled:
		return "was not waited for; run the command again"
	case netcause.Timeout:
		return "did not respond in time; try again, or raise " + limit
	case netcause.UnknownHost:
		return "can't be reached: the host can't be found; check the URL"
	case netcause.NoNames, netcause.Unreachable, netcause.Exhausted:
		return "can't be reached: " + kind.String() + "; check the URL and the network"
	case netcause.Refused:
		return "can't be reached: connection refused; " + cmp.Or(refused, "check that the server is running")
	case netcause.OnlyTLS:
		return expectsHTTPS
	case netcause.Closed:
		if netcause.MayExpectHTTPS(schemeOf(err), err) {
			return "closed the connection without a response; check that the server is running, and write https:// in the URL if it requires TLS"
		}
		return "closed the connection without a response; check the URL, and that the server is running"
	case netcause.OtherHost:
		return "has a certificate for another host; use the host name in the certificate"
	case netcause.Expired:
		return "has a certificate that has expired or is not valid yet; replace the certificate, or correct the clock of this machine"
	case netcause.Untrusted:
		return "has a certificate that is not trusted; set SSL_CERT_FILE to the certificate of its authority"
	case netcause.NoTLS:
		return "does not support TLS; write http:// in the URL"
	case netcause.TLSRejected:
		return "rejected the TLS connection; check the URL, and the versions of TLS that the server allows"
	}
	return "sent an invalid response; check the URL"
}

// schemeOf returns the scheme of the URL of a failed request, "" if the error has none.
func schemeOf(err error) string {
	var sent *url.Error
	if !errors.As(err, &sent) {
		return ""
	}
	scheme, _, _ := strings.Cut(sent.URL, ":")
	return scheme
}

// reasonOfPart returns an error with the reason why a response is incomplete, as [reason] does.
func reasonOfPart(err error, limit string) error {
	if kind := netcause.Of(err); kind == netcause.Timeout || kind == netcause.Canceled {
		return reason(err, limit, "")
	}
	return problem.Worded("sent an incomplete response; try again", err)
}
