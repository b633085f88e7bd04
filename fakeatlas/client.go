package fakeatlas

import (
	"net/http"

	"github.com/atlasint/atlasint/fakeatlas/internal/inprocess"
)

// Transport returns a transport that sends requests for any scheme and host to the server in the same process. It
// opens no listener and no connection. Credentials are required as on the network. Responses are streamed, and end
// with the context of their request. It is safe for concurrent use.
func (s *Server) Transport() http.RoundTripper { return inprocess.RoundTripper{Handler: s} }

// Client returns a client whose requests need no credentials and may call every operation. It sends them to the server
// in the same process, as [Server.Transport] does. It adds a token to a request below /api/ without Authorization,
// except to those for tokens, and the media type of v2 to one of v2 without Accept. It is safe for concurrent use, and
// you need not close it.
func (s *Server) Client() *http.Client {
	return &http.Client{Transport: &inprocess.Authorized{Next: s.Transport(), Token: s.auth.OwnToken}}
}
