package fakeatlas

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/atlasint/atlasint/validate"
)

// maxBody is how many bytes a request may have.
const maxBody = validate.DefaultMaxSize

// readBody returns the body of a request, or a refusal of its media type, its length or its transfer.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if e := checkContentType(r); e != nil {
		return nil, e
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, refuse("VALIDATION_ERROR", fmt.Sprintf("the body has more than %d bytes", maxBody))
	case err != nil:
		return nil, refuse("MALFORMED_JSON")
	}
	return body, nil
}

// readAhead reads the body before a long wait, as far as a body may go: net/http notices that the client
// has gone only once the body has come to its end, and a wait for nobody would last as long.
func readAhead(r *http.Request) {
	whole := r.Body
	head, _ := io.ReadAll(io.LimitReader(whole, maxBody+1)) // the next read meets the same error
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), whole), whole}
}

// tee keeps what is read of a body, up to a limit.
type tee struct {
	io.ReadCloser
	limit int64 // bytes of the longest body that is kept; 0: none is
	data  []byte
	size  int64
}

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.size += int64(n)
	if t.size <= t.limit {
		t.data = append(t.data, p[:n]...)
	}
	return n, err
}

// kept returns what was read, nil if that is longer than the limit.
func (t *tee) kept() []byte {
	if t.size > t.limit {
		return nil
	}
	return t.data
}
