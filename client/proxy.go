package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// proxyError is the refusal of a proxy to connect to the server. Without it, net/http returns the text of the response,
// which can repeat the password of the proxy.
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

// proxySecrets returns the forms of the password of the proxy that a request uses, if the transport is one of net/http:
// messages of a proxy can repeat it.
func proxySecrets(t http.RoundTripper, r *http.Request) []string {
	transport, ok := t.(*http.Transport)
	if !ok || transport.Proxy == nil {
		return nil
	}
	proxy, err := transport.Proxy(r)
	if err != nil || proxy == nil {
		return nil
	}
	password, _ := proxy.User.Password()
	return escapedForms(password)
}
