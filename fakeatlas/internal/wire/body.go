package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/atlasint/atlasint/validate"
)

// MaxBody is how many bytes a request may have.
const MaxBody = validate.DefaultMaxSize

// ReadBody returns the body of a request, or a refusal of its media type, its length or its transfer.
func ReadBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if e := checkContentType(r); e != nil {
		return nil, e
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, NewError("VALIDATION_ERROR", fmt.Sprintf("the body has more than %d bytes", MaxBody))
	case err != nil:
		return nil, NewError("MALFORMED_JSON")
	}
	return body, nil
}

// BufferBody reads the body before a long wait, as far as a body may go: net/http notices that the client
// has gone only once the body has come to its end, and a wait for nobody would last as long.
func BufferBody(r *http.Request) {
	whole := r.Body
	head, _ := io.ReadAll(io.LimitReader(whole, MaxBody+1)) // the next read meets the same error
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), whole), whole}
}

// BodyRecorder keeps what is read of a body, up to a limit.
type BodyRecorder struct {
	io.ReadCloser
	Limit int64 // bytes of the longest body that is kept; 0: none is
	data  []byte
	Size  int64
}

func (t *BodyRecorder) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.Size += int64(n)
	if t.Size <= t.Limit {
		t.data = append(t.data, p[:n]...)
	}
	return n, err
}

// Bytes returns what was read, nil if that is longer than the limit.
func (t *BodyRecorder) Bytes() []byte {
	if t.Size > t.Limit {
		return nil
	}
	return t.data
}
