package serving

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/atlasint/atlasint/internal/logtext"
	"github.com/atlasint/atlasint/internal/redact"
)

// LogFormats are the formats of the log. The first one is the default.
var LogFormats = []string{"text", "json"}

// newLogger returns a logger for messages of a level or above it. Its lines have no CI commands.
func newLogger(format string, w io.Writer, least slog.Level) *slog.Logger {
	opts := &slog.HandlerOptions{Level: least}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(redact.NewWriter(w, redact.EscapeJSON), opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// logRequests logs each request of next without its headers and body. A line has only methods and paths that the
// API has: a client may have put a secret into a wrong address.
func logRequests(next http.Handler, logger *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		meter := &responseMeter{ResponseWriter: w}
		request := requestAttrs(r) // before a handler changes the request
		// Deferred, since a handler may abort the connection with a panic.
		defer func() {
			attrs := append(request, meter.attrs(time.Since(start))...)
			logger.LogAttrs(r.Context(), slog.LevelInfo, "request", attrs...)
		}()
		next.ServeHTTP(meter, r)
	})
}

func requestAttrs(r *http.Request) []slog.Attr {
	attrs := []slog.Attr{slog.String("method", logtext.Method(r.Method)), slog.String("path", logtext.Path(r.URL.EscapedPath()))}
	if query := logtext.Query(r.URL.RawQuery); query != "" {
		attrs = append(attrs, slog.String("query", query))
	}
	return attrs
}

// responseMeter records the status and the size of a response. The status is 0 if there was no response.
type responseMeter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (m *responseMeter) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
	m.ResponseWriter.WriteHeader(status)
}

func (m *responseMeter) Write(data []byte) (int, error) {
	if m.status == 0 {
		m.status = http.StatusOK
	}
	n, err := m.ResponseWriter.Write(data)
	m.bytes += int64(n)
	return n, err
}

func (m *responseMeter) attrs(d time.Duration) []slog.Attr {
	attrs := []slog.Attr{slog.Int("status", m.status)}
	if code := m.Header().Get("X-Error-Code"); code != "" {
		attrs = append(attrs, slog.String("errorCode", code))
	}
	return append(attrs, slog.Float64("durationMs", float64(d.Microseconds())/1000), slog.Int64("bytes", m.bytes))
}

// Unwrap lets http.ResponseController reach the connection.
func (m *responseMeter) Unwrap() http.ResponseWriter { return m.ResponseWriter }
