// Package netcause names the causes of failed connections, in place of the texts of package net and other libraries,
// which have addresses, names of system calls and parts of responses.
package netcause

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/syserr"
)

// Kind is the kind of a cause.
type Kind int

// The kinds.
const (
	Unknown     Kind = iota
	Canceled         // the caller canceled the request
	Timeout          // there was no response in time
	UnknownHost      // the host has no address
	NoNames          // the name server failed
	Refused          // no program listens on the port, or a firewall rejects connections
	Unreachable      // there is no route to the host
	Exhausted        // this process or machine has no free connection
	Closed           // the server closed the connection
	NoTLS            // the server responds without TLS
	OtherHost        // the certificate is for another host
	Expired          // the certificate has expired or is not valid yet
	Untrusted        // the certificate is not trusted for another reason
	TLSRejected      // the server rejected the TLS connection
	NotHTTP          // the response is not HTTP
	OnlyTLS          // the server responds to http with a record of TLS
)

// texts are the kinds as clauses whose subject is the server.
var texts = map[Kind]string{
	Canceled:    "the request was canceled",
	Timeout:     "it did not respond in time",
	UnknownHost: "the host can't be found",
	NoNames:     "the name server did not respond",
	Refused:     "connection refused",
	Unreachable: "the network has no route to it",
	Exhausted:   "this machine has no free connection",
	Closed:      "it closed the connection",
	NoTLS:       "it does not support TLS",
	OtherHost:   "its certificate is for another host",
	Expired:     "its certificate has expired or is not valid yet",
	Untrusted:   "its certificate is not trusted",
	TLSRejected: "it rejected the TLS connection",
	NotHTTP:     "its response is not HTTP",
	OnlyTLS:     "it requires TLS",
}

// String returns the kind as a clause about the server, "" for Unknown.
func (k Kind) String() string { return texts[k] }

// Of returns the kind of an error of package net, crypto/tls or net/http.
func Of(err error) Kind {
	var timeout net.Error
	switch {
	case err == nil:
		return Unknown
	case errors.Is(err, context.Canceled):
		return Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	}
	if kind := ofName(err); kind != Unknown {
		return kind
	}
	if errors.As(err, &timeout) && timeout.Timeout() {
		return Timeout
	}
	if kind := ofTLS(err); kind != Unknown {
		return kind
	}
	return ofConnection(err)
}

func ofName(err error) Kind {
	var name *net.DNSError
	switch {
	case !errors.As(err, &name):
		return Unknown
	case name.IsNotFound:
		return UnknownHost
	}
	return NoNames
}

func ofTLS(err error) Kind {
	var (
		otherHost x509.HostnameError
		invalid   x509.CertificateInvalidError
		untrusted *tls.CertificateVerificationError
		noTLS     tls.RecordHeaderError
		alert     tls.AlertError
		network   *net.OpError
	)
	switch {
	case errors.As(err, &otherHost):
		return OtherHost
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return Expired
	case errors.As(err, &untrusted):
		return Untrusted
	case errors.As(err, &noTLS), errors.Is(err, http.ErrSchemeMismatch):
		return NoTLS
	case errors.As(err, &alert), errors.As(err, &network) && network.Op == "remote error":
		return TLSRejected
	}
	return Unknown
}

func ofConnection(err error) Kind {
	switch {
	case syserr.Refused.Is(err):
		return Refused
	case syserr.Unreachable.Is(err):
		return Unreachable
	case syserr.NoHandles.Is(err), syserr.NoLocalPort.Is(err):
		return Exhausted
	case syserr.Reset.Is(err), syserr.ClosedPipe.Is(err), closed(err):
		return Closed
	case strings.Contains(err.Error(), tlsAlert):
		return OnlyTLS
	case strings.Contains(err.Error(), "malformed"):
		return NotHTTP
	}
	return Unknown
}

// tlsAlert is in the error of net/http for a response that is an alert of TLS in place of HTTP.
const tlsAlert = `malformed HTTP response "\x15\x03`

// plainHTTPTexts are in the bodies of the status 400 of servers that got HTTP on a port for TLS.
var plainHTTPTexts = []string{
	"Client sent an HTTP request to an HTTPS server.", // net/http
	"The plain HTTP request was sent to HTTPS port",   // nginx
	"speaking plain HTTP to an SSL-enabled server",    // Apache
	"This combination of host and port requires TLS.", // Tomcat
}

// ExpectsHTTPS reports whether a response to a request with a URL of that scheme is from a server that expects https.
func ExpectsHTTPS(scheme string, status int, body []byte) bool {
	return scheme == "http" && status == http.StatusBadRequest &&
		slices.ContainsFunc(plainHTTPTexts, func(text string) bool { return bytes.Contains(body, []byte(text)) })
}

// MayExpectHTTPS reports whether the error of a request with a URL of that scheme may be that of a server that expects
// https: it closed the connection before the first byte of a response, as OpenSSL does.
func MayExpectHTTPS(scheme string, err error) bool {
	return scheme == "http" && Of(err) == Closed && !errors.Is(err, io.ErrUnexpectedEOF)
}

// closed reports whether an error is one of package io, net or net/http about a closed connection. net/http has no
// values for its own.
func closed(err error) bool {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return true
	}
	for _, part := range []string{"server closed idle connection", "server sent GOAWAY", "connection lost"} {
		if strings.Contains(err.Error(), part) {
			return true
		}
	}
	return false
}
