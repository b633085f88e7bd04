package redisstore_test

import (
	"crypto/tls"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store/redisstore"
)

// Each fault of a certificate has its own hint.
func TestCertificateReasons(t *testing.T) {
	for want, err := range map[string]error{
		"for another host; use the host name":                  x509.HostnameError{Certificate: &x509.Certificate{}, Host: "h"},
		"has expired or is not valid yet; replace it":          x509.CertificateInvalidError{Reason: x509.Expired},
		"is not trusted; set SSL_CERT_FILE":                    x509.UnknownAuthorityError{},
		"is not trusted; set SSL_CERT_FILE to the certificate": x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign},
	} {
		if got := redisstore.Reason(&tls.CertificateVerificationError{Err: err}); !strings.Contains(got, want) {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
}
