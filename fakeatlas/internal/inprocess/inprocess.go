// Package inprocess sends HTTP requests to a handler in the same process, without a connection.
package inprocess

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

// RoundTripper passes requests to the handler. It is safe for concurrent use if the handler is.
type RoundTripper struct{ Handler http.Handler }

// RoundTrip implements [http.RoundTripper].
func (t RoundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	body := &onceCloser{ReadCloser: http.NoBody}
	if r.Body != nil {
		body.ReadCloser = r.Body
	}
	if r.URL == nil || r.URL.Host == "" && r.Host == "" {
		_ = body.Close()
		return nil, errors.New("fakeatlas: the request has no URL with a host")
	}
	ctx, cancel := context.WithCancel(r.Context())
	in, err := inbound(ctx, r, body)
	if err != nil {
		_ = body.Close()
		cancel()
		return nil, err
	}
	w := newPipeWriter(r, cancel)
	// When the request is canceled, reads and writes of both bodies return.
	w.stop = context.AfterFunc(r.Context(), func() {
		_ = w.to.CloseWithError(context.Cause(r.Context()))
		_ = body.Close()
	})
	go t.serve(w, in)
	select {
	case <-w.started:
		return w.response, w.failure
	case <-r.Context().Done():
		cancel()
		return nil, context.Cause(r.Context())
	}
}

func (t RoundTripper) serve(w *pipeWriter, in *http.Request) {
	defer func() {
		_ = in.Body.Close()
		w.finish(recover())
	}()
	t.Handler.ServeHTTP(w, in)
}

// inbound is a request as it arrives at a server. The client's own request does not change.
func inbound(ctx context.Context, r *http.Request, body io.ReadCloser) (*http.Request, error) {
	in := r.Clone(ctx)
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if _, ok := in.Header["User-Agent"]; !ok {
		in.Header.Set("User-Agent", "Go-http-client/1.1") // as net/http does
	}
	in.RequestURI = r.URL.RequestURI()
	target, err := url.ParseRequestURI(in.RequestURI)
	if err != nil {
		return nil, fmt.Errorf("fakeatlas: %w", err)
	}
	in.URL = target
	if in.Method == "" {
		in.Method = http.MethodGet
	}
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if r.URL.Scheme == "https" {
		in.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
	}
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	in.RemoteAddr = "127.0.0.1:1"
	in.Body = body
	in.GetBody, in.Response = nil, nil
	if r.Body != nil && r.ContentLength == 0 && r.Body != http.NoBody {
		in.ContentLength = -1
	}
	return in, nil
}

// onceCloser closes a body once.
type onceCloser struct {
	io.ReadCloser
	once sync.Once
	err  error
}

// Close implements [io.Closer].
func (c *onceCloser) Close() error {
	c.once.Do(func() { c.err = c.ReadCloser.Close() })
	return c.err
}

// pipeWriter is the handler's end of a response whose other end the client reads.
type pipeWriter struct {
	request *http.Request
	header  http.Header
	from    *io.PipeReader
	to      *io.PipeWriter
	cancel  context.CancelFunc
	stop    func() bool // stops waiting for the end of the request's context

	started  chan struct{} // closed once there is a response or a failure
	response *http.Response
	failure  error
	declared int64 // the Content-Length; -1 if there is none
	written  int64
}

func newPipeWriter(r *http.Request, cancel context.CancelFunc) *pipeWriter {
	w := &pipeWriter{request: r, header: http.Header{}, cancel: cancel, started: make(chan struct{}), declared: -1}
	w.from, w.to = io.Pipe()
	return w
}

// Header implements [http.ResponseWriter].
func (w *pipeWriter) Header() http.Header { return w.header }

// WriteHeader implements [http.ResponseWriter].
func (w *pipeWriter) WriteHeader(status int) {
	if w.response != nil {
		return
	}
	if n, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64); err == nil {
		w.declared = n
	}
	w.response = &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header.Clone(), ContentLength: w.declared, Request: w.request, TLS: w.tls(),
		Body: &pipeBody{w.from, w.request.Context(), w.cancel},
	}
	if w.bodiless() {
		w.response.Body = http.NoBody
		if status == http.StatusNoContent {
			w.response.ContentLength = 0
		}
	}
	close(w.started)
}

func (w *pipeWriter) tls() *tls.ConnectionState {
	if w.request.URL.Scheme != "https" {
		return nil
	}
	return &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
}

func (w *pipeWriter) bodiless() bool {
	return w.request.Method == http.MethodHead || w.response.StatusCode == http.StatusNoContent
}

// Write implements [http.ResponseWriter]. It blocks until the client has read the data.
func (w *pipeWriter) Write(data []byte) (int, error) {
	if w.response == nil {
		w.WriteHeader(http.StatusOK)
	}
	if w.bodiless() || len(data) == 0 {
		return len(data), nil
	}
	n, err := w.to.Write(data)
	w.written += int64(n)
	return n, err
}

// finish ends the response as the end of a connection does.
func (w *pipeWriter) finish(panicked any) {
	defer w.cancel()
	defer w.stop()
	if panicked != nil {
		w.abort(panicked)
		return
	}
	if w.response == nil {
		if w.request.Context().Err() != nil {
			w.abort(http.ErrAbortHandler)
			return
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.declared >= 0 && w.written < w.declared && !w.bodiless() {
		_ = w.to.CloseWithError(io.ErrUnexpectedEOF)
		return
	}
	_ = w.to.Close()
}

func (w *pipeWriter) abort(panicked any) {
	err := fmt.Errorf("fakeatlas: the connection was dropped: %w", io.ErrUnexpectedEOF)
	if panicked != any(http.ErrAbortHandler) {
		err = errors.New("fakeatlas: the server failed") // the panic value may contain a secret
	}
	_ = w.to.CloseWithError(err)
	if w.response == nil {
		w.failure = err
		close(w.started)
	}
}

// pipeBody is the client's end. Closing it ends the request.
type pipeBody struct {
	*io.PipeReader
	ctx    context.Context
	cancel context.CancelFunc
}

// Read implements [io.Reader].
func (b *pipeBody) Read(p []byte) (int, error) {
	if b.ctx.Err() != nil {
		return 0, context.Cause(b.ctx)
	}
	return b.PipeReader.Read(p)
}

// Close implements [io.Closer].
func (b *pipeBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}
