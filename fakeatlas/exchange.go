package fakeatlas

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/metrics"
	"github.com/atlasint/atlasint/fakeatlas/internal/recording"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/internal/logtext"
)

// exchange is a request and its response. It is the ResponseWriter of the handlers, and records both for the journal,
// the metrics and the log.
type exchange struct {
	http.ResponseWriter
	s     *Server
	entry *journal.Entry
	body  *wire.Body
	start time.Time
	file  *recording.Exchange // nil unless exchanges are recorded

	recorded  bool
	truncated bool   // the response ends in the middle
	buffered  []byte // the response so far, if it is truncated
}

// open starts the record of a request. The body is recorded while it is read: nothing may read it before the
// credentials are accepted.
func (s *Server) open(w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{ResponseWriter: w, s: s, entry: journal.NewEntry(r, s.clock.Now()), start: time.Now()}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	// The body of a token request is secret: it is not kept.
	x.body = &wire.Body{ReadCloser: r.Body}
	if x.entry.APIVersion != "" && (s.journal.Limit > 0 || s.recorder != nil) {
		x.body.Limit = journal.MaxBody
	}
	if s.recorder != nil {
		x.file = recording.Begin(r)
	}
	return x
}

// RecordBody keeps the body of the response for the journal. It must be called before WriteHeader. The bytes must not
// change afterwards.
func (x *exchange) RecordBody(data []byte) {
	if len(data) <= int(x.body.Limit) {
		x.entry.Response = data
	}
}

// WriteHeader implements [http.ResponseWriter].
func (x *exchange) WriteHeader(status int) {
	if x.entry.Status == 0 {
		x.entry.Status = status
	}
	if x.truncated {
		return
	}
	x.record()
	x.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (x *exchange) Write(data []byte) (int, error) {
	if x.entry.Status == 0 {
		x.WriteHeader(http.StatusOK)
	}
	if x.truncated {
		x.buffered = append(x.buffered, data...)
		return len(data), nil
	}
	return x.ResponseWriter.Write(data)
}

// Unwrap is for [http.ResponseController].
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// close completes the record. It also runs when the connection is dropped.
func (x *exchange) close() {
	if x.truncated && len(x.buffered) == 0 { // there is no body to truncate
		x.entry.FaultEffect = strings.TrimSuffix(strings.TrimSuffix(x.entry.FaultEffect, truncation), ", ")
	}
	x.record()
	if !x.truncated || x.entry.Status == 0 {
		return
	}
	if len(x.buffered) > 0 {
		x.Header().Set("Content-Length", strconv.Itoa(len(x.buffered)))
	}
	x.ResponseWriter.WriteHeader(x.entry.Status)
	_, _ = x.ResponseWriter.Write(x.buffered[:len(x.buffered)/2]) // a client that has disconnected gets nothing
}

// record adds the request to the journal, once. It does so before the first byte of the response, so that a client
// that has seen the response finds its request in the journal.
func (x *exchange) record() {
	if x.recorded {
		return
	}
	x.recorded = true
	e := x.entry
	e.Duration = time.Since(x.start)
	e.ErrorCode = cmp.Or(e.ErrorCode, knownCode(x.Header().Get("X-Error-Code")))
	e.Body, e.BodySize = x.body.Bytes(), x.body.Size
	e.Compact()
	x.s.journal.Add(e)
	x.s.metrics.Observe(metrics.Request{Operation: e.Operation, APIVersion: e.APIVersion, ErrorCode: e.ErrorCode,
		Status: e.Status, Challenge: e.Challenge}, e.Duration)
	if x.file != nil {
		x.file.End(e, x.Header())
		x.s.recorder.Write(x.file)
	}
	x.log()
}

// knownCode returns a code of Atlas, and hides any other: a stub, a fault or a fallback can send any text.
func knownCode(code string) string {
	if _, known := wire.ErrorCodes()[code]; !known && code != "" {
		return logtext.Hidden
	}
	return code
}

func (x *exchange) log() {
	if x.s.config.logger == nil || !x.s.config.logger.Enabled(context.Background(), slog.LevelInfo) {
		return
	}
	r := x.entry.Masked()
	x.s.config.logger.Info("request",
		slog.String("method", r.Method), slog.String("path", r.Path), slog.Int("status", r.Status),
		slog.String("errorCode", r.ErrorCode), slog.Duration("duration", r.Duration), slog.String("user", r.User))
}
