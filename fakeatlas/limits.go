package fakeatlas

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// What a server keeps at most, however long it runs and whatever it is sent. The store has a limit of its
// own, and so has the memory of nonces.
const (
	maxTokens    = 10_000   // of which the oldest ends when there is to be another
	maxFaults    = 1000     // beyond which there are no new ones
	journalBytes = 16 << 20 // of bodies in the journal, beyond which the oldest are let go
	maxAddress   = 2 << 10  // bytes of a path and of a query in the journal
)

// makeRoom ends tokens until there is room for another: those that have expired, else the oldest. It needs
// the lock.
func (t *tokens) makeRoom(now time.Time) {
	if len(t.expires) < maxTokens {
		return
	}
	var oldest [sha256.Size]byte
	first := now.Add(tokenLife)
	for hash, expiry := range t.expires {
		if !now.Before(expiry) {
			delete(t.expires, hash)
		} else if !expiry.After(first) {
			oldest, first = hash, expiry
		}
	}
	if len(t.expires) >= maxTokens {
		delete(t.expires, oldest)
	}
}

// shed lets go of the oldest bodies while all of them take too much. It needs the lock.
func (j *journal) shed() {
	for i := 0; j.bytes > journalBytes && i < len(j.ring); i++ {
		at := (j.next + i) % len(j.ring)
		if n := len(j.ring[at].body); n > 0 {
			bare := *j.ring[at] // somebody may be reading the entry
			bare.body = nil
			j.ring[at] = &bare
			j.bytes -= n
		}
	}
}

// compact lets go of a long address: a short part of it, such as the method, would keep all of it.
func (e *entry) compact() {
	if len(e.path)+len(e.query)+len(e.method) <= maxAddress {
		return
	}
	e.method, e.project, e.typ = clip(strings.Clone(e.method)), clip(e.project), clip(e.typ)
	e.project, e.typ = strings.Clone(e.project), strings.Clone(e.typ)
	e.path, e.query = cutAt(e.path, "/"), cutAt(e.query, "&")
}

// cutAt cuts a long text where a part of it ends: half a secret might pass for no secret.
func cutAt(s, separator string) string {
	if len(s) > maxAddress {
		s = s[:maxAddress]
		s = s[:strings.LastIndex(s, separator)+1] + "…"
	}
	return strings.Clone(s)
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

// authorizationOf is the credentials of a request, nothing where it has several: a proxy before this server
// may have gone by another one of them.
func authorizationOf(r *http.Request) string {
	if values := r.Header.Values("Authorization"); len(values) == 1 {
		return values[0]
	}
	return ""
}

// fromElsewhere refuses what a page of another site makes a browser send. Where credentials are asked for
// they keep such requests out.
func fromElsewhere(r *http.Request) *apiError {
	if new(http.CrossOriginProtection).Check(r) == nil {
		return nil
	}
	return refuse("UNEXPECTED_ERROR").withStatus(http.StatusForbidden).withDetail("The request comes from a page of another site.")
}

// simpleTypes are the types of bodies that pages may make browsers send to other sites without asking them.
var simpleTypes = []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}

// checkSimple refuses what a form could send. Not all browsers say which page a request comes from.
func checkSimple(r *http.Request) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Header.Get("Content-Type") == "" || err == nil && !slices.Contains(simpleTypes, media) {
		return nil
	}
	return &controlError{http.StatusUnsupportedMediaType, "the control API takes no forms and no plain text",
		"send Content-Type: application/json, as curl --json does"}
}

// printable writes those characters of a JSON text as escapes that a terminal would act on: people read the
// journal and snapshots there. It says the same.
func printable(data []byte) []byte {
	if !bytes.ContainsFunc(data, unprintable) {
		return data
	}
	out := make([]byte, 0, len(data)+64)
	for _, r := range string(data) {
		if !unprintable(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, unit)
		}
	}
	return out
}

func unprintable(r rune) bool { return r >= 0x7f && !unicode.IsPrint(r) }

// refuseFull says that the store has come to its limit.
func refuseFull() *apiError {
	return refuse("UNEXPECTED_ERROR").withStatus(http.StatusInsufficientStorage).
		withDetail("This fake of Atlas holds as much as it may. Delete integrations, or reset it.")
}
