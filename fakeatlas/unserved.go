package fakeatlas

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/fallback"
)

// WithFallback forwards requests below /api/ that the server has no route and no stub for to another server, such as a
// mock of the rest of Atlas, without credentials and cookies. Its answer, at most 16 MiB within 30 seconds, is the answer,
// also a redirect; if there is none, the answer is 502. Unless remote is set, its address must be of the loopback
// interface, also each time that its name is resolved. The environment's proxy is not used.
func WithFallback(url string, remote bool) Option {
	return func(c *config) error {
		p, err := fallback.New(url, remote)
		if err != nil {
			return fmt.Errorf("the fallback can't be used: %w", err)
		}
		c.fallback = p
		return nil
	}
}

// logFallback logs why the fallback did not answer.
func (s *Server) logFallback(cause string) {
	if s.config.logger != nil {
		s.config.logger.Error("the fallback did not answer: " + cause)
	}
}

// rejectLoop answers a request that the fallback has sent back.
func (s *Server) rejectLoop(x *exchange, r *http.Request) bool {
	if s.config.fallback == nil || !s.config.fallback.Forwarded(r) {
		return false
	}
	s.config.fallback.WriteLoop(x, r)
	return true
}

// forwards reports whether the fallback gets a request that nothing else answers.
func (s *Server) forwards(r *http.Request) bool {
	p := r.URL.EscapedPath()
	return s.config.fallback != nil && strings.HasPrefix(p, "/api/") && path.Clean(p) == p
}
