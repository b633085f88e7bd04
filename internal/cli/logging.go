package cli

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/objectid"
	"github.com/atlasint/atlasint/internal/redact"
)

// logFormats are the formats of the log, the default first.
var logFormats = []string{"text", "json"}

func newLogger(format string, w io.Writer, least slog.Level) *slog.Logger {
	opts := &slog.HandlerOptions{Level: least}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(redact.NewWriter(w, redact.EscapeJSON), opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}

// logged writes a line for each request that next answers. Bodies and headers stay out of it, and so does
// all of the address that the API has no word for: a client that was given a wrong address may have put a
// secret there.
func logged(next http.Handler, logger *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		meter := &meter{ResponseWriter: w}
		request := requestAttrs(r) // before a handler changes the request
		// Deferred, so that it is also written where a handler gives the connection up.
		defer func() {
			attrs := append(request, meter.attrs(time.Since(start))...)
			logger.LogAttrs(r.Context(), slog.LevelInfo, "request", attrs...)
		}()
		next.ServeHTTP(meter, r)
	})
}

func requestAttrs(r *http.Request) []slog.Attr {
	attrs := []slog.Attr{slog.String("method", shownWord(r.Method)), slog.String("path", shownPath(r.URL.EscapedPath()))}
	if query := shownQuery(r.URL.RawQuery); query != "" {
		attrs = append(attrs, slog.String("query", query))
	}
	return attrs
}

// meter notes what is answered. A status of 0 means that nothing was.
type meter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (m *meter) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
	m.ResponseWriter.WriteHeader(status)
}

func (m *meter) Write(data []byte) (int, error) {
	if m.status == 0 {
		m.status = http.StatusOK
	}
	n, err := m.ResponseWriter.Write(data)
	m.bytes += int64(n)
	return n, err
}

func (m *meter) attrs(d time.Duration) []slog.Attr {
	attrs := []slog.Attr{slog.Int("status", m.status)}
	if code := m.Header().Get("X-Error-Code"); code != "" {
		attrs = append(attrs, slog.String("errorCode", code))
	}
	return append(attrs, slog.Float64("durationMs", float64(d.Microseconds())/1000), slog.Int64("bytes", m.bytes))
}

// Unwrap lets http.ResponseController reach the connection.
func (m *meter) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// apiVersions are the words with digits in the paths of the API.
var apiVersions = []string{"v2", "v1.0"}

// listParameters are the query parameters of the API; none of their values is a secret.
var listParameters = []string{"envelope", "includeCount", "itemsPerPage", "pageNum", "pretty"}

// maxShown is how many characters of a path or a query are worth a line.
const maxShown = 200

func cut(s string) string {
	if len(s) > maxShown {
		return s[:maxShown] + "..."
	}
	return s
}

func shownPath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		isGroup := i > 0 && segments[i-1] == "groups" && objectid.Is(s)
		if s != "" && !isGroup && !slices.Contains(apiVersions, s) {
			segments[i] = shownWord(s)
		}
	}
	return cut(strings.Join(segments, "/"))
}

// shownWord shows what may be a word of the API, such as PAGER_DUTY, and of all else its length.
func shownWord(s string) string {
	if redact.Readable(s) && redact.Line(s) == s && !strings.ContainsAny(s, "0123456789%") {
		return s
	}
	return fmt.Sprintf("(%d characters)", utf8.RuneCountInString(s))
}

// shownQuery shows the parameters of the API with their values, and of all others that they are there.
func shownQuery(raw string) string {
	var shown []string
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		plain, err := url.QueryUnescape(value)
		switch {
		case part == "":
		case !slices.Contains(listParameters, name):
			shown = append(shown, shownWord(name)+"=(hidden)")
		case err != nil || !redact.Readable(plain):
			shown = append(shown, name+"=(hidden)")
		default:
			shown = append(shown, name+"="+redact.Line(value))
		}
	}
	return cut(strings.Join(shown, "&"))
}
