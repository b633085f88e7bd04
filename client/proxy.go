package client

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// proxyError is the response of a proxy that rejects a connection to the server. Without it, net/http returns the text
// of the response, which can repeat the password of the proxy.
type proxyError struct{ status int }

func (e *proxyError) Error() string { return fmt.Sprintf("the proxy returned HTTP %d", e.status) }

func (e *proxyError) diagnosis() diagnosis {
	hint := "check the proxy"
	if e.status == http.StatusProxyAuthRequired {
		hint = "set the user and the password of the proxy"
	}
	return diagnosis{e.Error(), hint, "", true, e.status >= http.StatusInternalServerError}
}

// checkProxy implements http.Transport.OnProxyConnectResponse.
func checkProxy(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		return &proxyError{response.StatusCode}
	}
	return nil
}

// proxyOf returns the proxy that a request uses, nil for none, if the transport is one of net/http.
func proxyOf(t http.RoundTripper, r *http.Request) *url.URL {
	transport, ok := t.(*http.Transport)
	if !ok || transport.Proxy == nil {
		return nil
	}
	proxy, err := transport.Proxy(r)
	if err != nil {
		return nil
	}
	return proxy
}

// proxySecrets returns the credentials of a proxy, which may be nil, in each form that its requests have. The proxy can
// repeat them in place of the server's response. A user without a password can be a token.
func proxySecrets(proxy *url.URL) []string {
	if proxy == nil || proxy.User == nil {
		return nil
	}
	user := proxy.User.Username()
	password, _ := proxy.User.Password()
	basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	return escapedForms(cmp.Or(password, user), basic)
}

// proxyPorts are the ports of proxies whose URL has none.
var proxyPorts = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}

// proxyName returns "the proxy" with its host and port, never with its user or password. A slash in a password makes
// the beginning of the password the port: such a host is left out.
func (x *exchange) proxyName() string {
	const unnamed = "the proxy"
	if x.proxy == nil || strings.Contains(x.proxy.EscapedPath()+x.proxy.RawQuery+x.proxy.Fragment, "@") {
		return unnamed
	}
	port := cmp.Or(x.proxy.Port(), proxyPorts[x.proxy.Scheme])
	return unnamed + " " + redact.Line(net.JoinHostPort(x.proxy.Hostname(), port))
}

// throughProxy returns the end of a reason that the proxy may have caused, "" without a proxy.
func (x *exchange) throughProxy() string {
	if x.proxy == nil {
		return ""
	}
	return "; the request went through " + x.proxyName() + ": check the proxy"
}

// isProxyFailure reports whether an error is one of the connection to the proxy, whose reason names the proxy.
func isProxyFailure(err error) bool {
	var (
		rejected *proxyError
		op       *net.OpError
	)
	return errors.As(err, &rejected) || errors.As(err, &op) && op.Op == "proxyconnect"
}
