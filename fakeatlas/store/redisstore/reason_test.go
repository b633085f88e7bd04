package redisstore_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"
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

// The failure of a node has its address, also if the error of the network names the IP address of the host.
func TestFailureNamesTheNode(t *testing.T) {
	s := open(t, "redis://127.0.0.1:1?cluster=true")
	refused := &net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 6379}, Err: syscall.ECONNREFUSED}
	err := redisstore.FailureOf(s, "redis-2.example:6379", refused)
	if got, want := err.Error(), "Redis at redis-2.example:6379: connection refused"; !strings.HasPrefix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%#v does not wrap its cause", err)
	}
}
