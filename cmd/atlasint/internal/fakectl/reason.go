package fakectl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"

	"github.com/atlasint/atlasint/internal/redact"
)

// reason describes why a request got no response, and the next step. It contains no text of the server, which can
// repeat the control token. The flag limit raises the time of the request.
func reason(err error, limit string) string {
	var (
		otherHost x509.HostnameError
		invalid   x509.CertificateInvalidError
		untrusted *tls.CertificateVerificationError
		noTLS     tls.RecordHeaderError
		network   *net.OpError
	)
	switch {
	case timedOut(err):
		return "did not respond in time; try again, or raise " + limit
	case errors.As(err, &otherHost):
		return "has a certificate for another host; use the host name in the certificate"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "has a certificate that has expired or is not valid yet; replace the certificate, or correct the clock of this machine"
	case errors.As(err, &untrusted):
		return "has a certificate that is not trusted; set SSL_CERT_FILE to the certificate of its authority"
	case errors.As(err, &noTLS), errors.Is(err, http.ErrSchemeMismatch):
		return "does not support TLS; write http:// in the URL"
	case errors.As(err, &network):
		return "can't be reached: " + redact.Line(network.Error()) + "; check that the server is running"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "closed the connection without a response; check the URL, and that the server is running"
	}
	return "sent an invalid response; check the URL"
}

// reasonOfPart describes why a response is incomplete, as reason does.
func reasonOfPart(err error, limit string) string {
	if timedOut(err) {
		return reason(err, limit)
	}
	return "sent an incomplete response; try again"
}

func timedOut(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout()
}
