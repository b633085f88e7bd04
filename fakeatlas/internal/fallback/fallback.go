// Package fallback forwards requests to another server.
package fallback

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/netcause"
	"github.com/atlasint/atlasint/internal/syserr"
)

// The limits of a response.
const (
	timeout = 30 * time.Second
	maxBody = 16 << 20 // bytes
)

// maxResponses is how many responses are in memory at a time, 256 MiB at most: slow clients would fill the memory.
const maxResponses = 16

// Proxy forwards requests to one server. It is safe for concurrent use.
type Proxy struct {
	Logf   func(cause string) // logs why the server did not respond
	target *url.URL
	mark   string // names this proxy in the header Via
	http   httputil.ReverseProxy
	busy   chan struct{} // has an element for each response in memory

	dialer net.Dialer
}

// ErrRemote reports an address of another machine, for a proxy that does not allow it.
var ErrRemote = errors.New("its address is not on this machine")

var (
	errURL      = errors.New("its URL is not an http or https URL without user, query and fragment")
	errPort     = errors.New("the port of its URL is not one from 1 to 65535")
	errBusy     = errors.New("its responses to " + strconv.Itoa(maxResponses) + " other requests have not been read yet")
	errTooLarge = errors.New("its response has more than " + strconv.Itoa(maxBody) + " bytes")
	errTimeout  = errors.New("it took more than " + timeout.String())
	errStatus   = errors.New("its status is not one from 200 to 599")
)

// rejections are the errors of this package that can end a request. Their texts contain no address.
var rejections = []error{ErrRemote, errBusy, errTooLarge, errTimeout, errStatus}

// New returns a proxy to a base URL on this machine. It connects to loopback addresses only: it checks the address of
// each connection, as a name may resolve to another one later. The error is [ErrRemote], or about the URL.
func New(base string) (*Proxy, error) {
	p, err := NewRemote(base)
	switch {
	case err != nil:
		return nil, err
	case isElsewhere(p.target.Hostname()):
		return nil, ErrRemote
	}
	p.dialer.Control = checkLoopback
	return p, nil
}

// NewRemote returns a proxy to a base URL on any machine. The error is about the URL.
func NewRemote(base string) (*Proxy, error) {
	target, err := url.Parse(base)
	if err != nil || target.Scheme != "http" && target.Scheme != "https" || target.Host == "" || target.User != nil ||
		strings.ContainsAny(base, "?#") {
		return nil, errURL
	}
	if port := target.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, errPort
		}
	}
	p := &Proxy{Logf: func(string) {}, target: target, busy: make(chan struct{}, maxResponses), mark: "1.1 atlasint-" + rand.Text()}
	p.dialer.Timeout = timeout
	p.http = httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		ModifyResponse: readWhole,
		ErrorHandler:   p.fail,
		ErrorLog:       log.New(io.Discard, "", 0), // its texts contain addresses
		Transport: &http.Transport{
			DialContext: p.dialer.DialContext, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10, MaxIdleConns: 10,
			IdleConnTimeout: time.Minute,
		}, // it uses no proxy of the environment
	}
	return p, nil
}

// isElsewhere reports whether a host is known to be another machine.
func isElsewhere(host string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	addresses, _ := net.DefaultResolver.LookupNetIP(ctx, "ip", host) // a name may be known only later
	return slices.ContainsFunc(addresses, func(a netip.Addr) bool { return !a.Unmap().IsLoopback() })
}

// checkLoopback rejects a connection to another machine.
func checkLoopback(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil || !to.Addr().Unmap().IsLoopback() {
		return ErrRemote
	}
	return nil
}

// private are the headers that are not forwarded: credentials, and those of the connection that package httputil keeps.
var private = []string{"Authorization", "Cookie", "Cookie2", "Upgrade", "Connection", "Te"}

func (p *Proxy) rewrite(r *httputil.ProxyRequest) {
	r.SetURL(p.target)
	for _, name := range private {
		r.Out.Header.Del(name)
	}
	r.Out.Header.Add("Via", p.mark)
}

// Forwarded reports whether this proxy has forwarded a request before.
func (p *Proxy) Forwarded(r *http.Request) bool {
	return slices.ContainsFunc(r.Header.Values("Via"), func(value string) bool { return strings.Contains(value, p.mark) })
}

// WriteLoop responds to a request that this proxy has forwarded to its own server.
func (p *Proxy) WriteLoop(w http.ResponseWriter, r *http.Request) {
	writeError(w, r, http.StatusLoopDetected, "The fallback of this fake forwards requests to the fake itself. Use the URL of another server.")
}

// ServeHTTP forwards a request. A client that disconnects gets no response, which is not logged.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeoutCause(r.Context(), timeout, errTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	select {
	case p.busy <- struct{}{}:
		defer func() { <-p.busy }()
	case <-ctx.Done():
		p.fail(w, r, errBusy)
		return
	}
	p.http.ServeHTTP(final{w}, r)
}

// final is a ResponseWriter without informational responses, which would count as the response.
type final struct{ http.ResponseWriter }

// WriteHeader implements [http.ResponseWriter].
func (f final) WriteHeader(status int) {
	if status >= http.StatusOK {
		f.ResponseWriter.WriteHeader(status)
	}
}

// stateHeaders are the headers of a response that change what a browser keeps, sends or does for the whole server,
// whose console runs on the same origin, or that make it leave the response for another page.
var stateHeaders = []string{
	"Set-Cookie", "Set-Cookie2", "Clear-Site-Data", "Refresh",
	"Strict-Transport-Security", "Public-Key-Pins", "Public-Key-Pins-Report-Only", "Expect-Ct", "Alt-Svc",
	"Nel", "Report-To", "Reporting-Endpoints", "Content-Security-Policy-Report-Only",
	"Accept-Ch", "Critical-Ch", "Origin-Agent-Cluster", "Origin-Trial", "Service-Worker-Allowed", "Set-Login",
	"Speculation-Rules", "Use-As-Dictionary", "Observe-Browsing-Topics",
}

// readWhole reads a response before its first byte is sent, so that a failure can still get a response.
func readWhole(response *http.Response) error {
	if response.StatusCode < http.StatusOK || response.StatusCode > 599 { // the body of 101 is a connection, which never ends
		return errStatus
	}
	for _, name := range stateHeaders {
		response.Header.Del(name)
	}
	wire.Isolate(response.Header)
	data, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	_ = response.Body.Close()
	switch {
	case err != nil:
		return err
	case len(data) > maxBody:
		return errTooLarge
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	if response.Request.Method != http.MethodHead {
		response.Header.Set("Content-Length", strconv.Itoa(len(data)))
	}
	response.Trailer = nil
	response.Header.Del("Trailer")
	return nil
}

// fail responds to a request that could not be forwarded.
func (p *Proxy) fail(w http.ResponseWriter, r *http.Request, err error) {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		writeError(w, r, http.StatusRequestEntityTooLarge, "The body has more than "+strconv.FormatInt(tooLarge.Limit, 10)+" bytes.")
		return
	}
	if ended := context.Cause(r.Context()); ended != nil && !errors.Is(ended, errTimeout) {
		return // the client has disconnected, also in the middle of its body: net/http then ends the context
	}
	cause := causeOf(err)
	switch scheme := p.target.Scheme; {
	case netcause.Of(err) == netcause.OnlyTLS:
		cause = "it requires TLS; use https:// in its URL"
	case netcause.MayExpectHTTPS(scheme, err):
		cause += "; if it requires TLS, use https:// in its URL"
	}
	p.Logf(cause)
	writeError(w, r, http.StatusBadGateway, "The fallback of this fake did not respond: "+cause+".")
}

func writeError(w http.ResponseWriter, r *http.Request, status int, detail string) {
	wire.NewError("UNEXPECTED_ERROR").WithStatus(status).WithDetail(detail).Write(w, r)
}

// causeOf describes an error without addresses, which may contain secrets.
func causeOf(err error) string {
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	for _, rejection := range rejections {
		if errors.Is(err, rejection) {
			return rejection.Error()
		}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded): // of a part of the connection
		return errTimeout.Error()
	case syserr.Refused.Is(err):
		return "connection refused; start it, or check its URL"
	case errors.As(err, &name):
		return "its name can't be resolved"
	case errors.As(err, &certificate), errors.As(err, &record):
		return "TLS fails; check its certificate and the scheme of its URL"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), syserr.Reset.Is(err):
		return "it closed the connection"
	}
	return "its response is not HTTP, or the connection failed"
}
