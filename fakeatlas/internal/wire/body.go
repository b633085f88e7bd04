package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/atlasint/atlasint/internal/atlas"
)

// maxBody is the limit of a request body in bytes.
const maxBody = atlas.MaxPayload

// ReadBody returns the body of a request, or a rejection of its media type, its length or its transfer.
func ReadBody(r *http.Request) ([]byte, error) {
	if e := checkContentType(r); e != nil {
		return nil, e
	}
	body, err := io.ReadAll(r.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, NewError("VALIDATION_ERROR", fmt.Sprintf("the body has more than %d bytes", maxBody))
	case err != nil:
		return nil, NewError("MALFORMED_JSON")
	}
	return body, nil
}

// BufferBody reads the whole body before a long wait. net/http notices that a client has disconnected only after the
// body was read.
func BufferBody(r *http.Request) {
	whole := r.Body
	head, _ := io.ReadAll(io.LimitReader(whole, maxBody+1)) // the next read returns the same error
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), whole), whole}
}

// Drain reads the body of a request that gets a response without it. Then the journal shows its size, and a client that
// uses the connection again is not disconnected.
func Drain(r *http.Request) { _, _ = io.CopyN(io.Discard, r.Body, maxBody) }

// Body is the body of a request. It ends with an [http.MaxBytesError] after maxBody bytes, and keeps the bytes read.
type Body struct {
	io.ReadCloser
	Limit int64 // bytes of the longest body that is kept; 0: none is
	Size  int64 // bytes that were read, at most maxBody+1
	kept  []byte
}

// Read implements [io.Reader].
func (b *Body) Read(p []byte) (int, error) {
	if b.Size > maxBody {
		return 0, &http.MaxBytesError{Limit: maxBody}
	}
	p = p[:min(int64(len(p)), maxBody+1-b.Size)]
	n, err := b.ReadCloser.Read(p)
	b.Size += int64(n)
	if b.Size <= b.Limit {
		b.kept = append(b.kept, p[:n]...)
	}
	if b.Size > maxBody {
		return n - 1, &http.MaxBytesError{Limit: maxBody}
	}
	return n, err
}

// Bytes returns the bytes read, nil if they are more than Limit.
func (b *Body) Bytes() []byte {
	if b.Size > b.Limit {
		return nil
	}
	return b.kept
}
