package control

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/events"
)

// writeTime is how long a write to a stream may take. A reader that reads nothing for so long is disconnected.
const writeTime = 30 * time.Second

// getEvents streams new requests and changes until the client disconnects or the server shuts down.
func (a *API) getEvents(w http.ResponseWriter, r *http.Request) {
	since, resume, err := sinceOf(r)
	if err != nil {
		writeControl(w, 0, nil, err)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	if r.Method == http.MethodHead {
		return
	}
	stream, err := a.s.Events().Open(since, resume)
	if err != nil {
		writeControl(w, 0, nil, newError(http.StatusServiceUnavailable,
			fmt.Sprintf("there are %d streams of events already", events.MaxStreams), "close some, such as other pages of the console"))
		return
	}
	defer stream.Close()
	ctx, cancel := a.untilShutdown(r)
	defer cancel()
	w.WriteHeader(http.StatusOK)
	send(ctx, w, stream)
}

// send writes the events of a stream until the context is done or the client has disconnected.
func send(ctx context.Context, w http.ResponseWriter, stream *events.Stream) {
	connection := http.NewResponseController(w)
	defer func() { _ = connection.SetWriteDeadline(time.Time{}) }() // the connection may have more requests
	text := []byte("retry: 1000\n\n")
	for {
		// Writers without a connection support neither.
		_ = connection.SetWriteDeadline(time.Now().Add(writeTime))
		if _, err := w.Write(text); err != nil {
			return
		}
		_ = connection.Flush()
		var err error
		if text, err = stream.Next(ctx); err != nil {
			return
		}
	}
}

// sinceOf returns the sequence number after which a stream begins, and whether the request has one: that of the last
// event that a browser has seen, else that of the query.
func sinceOf(r *http.Request) (since uint64, ok bool, err error) {
	query := r.URL.Query()
	if err := only(query, "since"); err != nil {
		return 0, false, err
	}
	text, name := r.Header.Get("Last-Event-ID"), "the header Last-Event-ID"
	if text == "" {
		text, name = query.Get("since"), "the query parameter since"
	}
	if text == "" {
		return 0, false, nil
	}
	if since, err = strconv.ParseUint(text, 10, 64); err != nil {
		return 0, false, newError(http.StatusBadRequest, name+" is not a sequence number", "take last of GET "+Prefix+"requests")
	}
	return since, true, nil
}

// untilShutdown returns a context that is done when that of the request is, or when the server shuts down.
func (a *API) untilShutdown(r *http.Request) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(r.Context())
	stopping := a.stopping(r)
	go func() {
		select {
		case <-stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
