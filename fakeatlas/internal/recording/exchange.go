package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/journal"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/logtext"
)

// format is the number of the format of a file.
const format = 1

// Exchange is the content of a file. It contains no part of a secret, not even the last characters, which responses
// show.
type Exchange struct {
	Format    int       `json:"format"`
	Seq       uint64    `json:"seq"`
	Time      time.Time `json:"time"`
	Operation string    `json:"operation"`
	User      string    `json:"user,omitempty"`
	Fault     string    `json:"fault,omitempty"`
	Effect    string    `json:"faultEffect,omitempty"`
	Request   request   `json:"request"`
	Response  response  `json:"response"`
}

type request struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Query  string            `json:"query,omitempty"`
	Header map[string]string `json:"headers"`
	Body   any               `json:"body,omitempty"`
}

type response struct {
	Status int               `json:"status"`
	Header map[string]string `json:"headers"`
	Body   any               `json:"body,omitempty"`
}

// Begin returns the part of an exchange that only the request has.
func Begin(r *http.Request) *Exchange {
	x := &Exchange{Format: format, Request: request{Header: map[string]string{}}}
	if value := r.Header.Get("Authorization"); value != "" {
		x.Request.Header["Authorization"] = schemeOf(value)
	}
	return x
}

// End adds the entry of the journal and the headers of the response.
func (x *Exchange) End(e *journal.Entry, header http.Header) {
	e = e.Prepared()
	m := e.Masked()
	x.Seq, x.Time, x.Operation, x.User, x.Fault, x.Effect = m.Seq, m.Time, m.Operation, m.User, m.Fault, m.FaultEffect
	x.Request.Method, x.Request.Path, x.Request.Query = m.Method, m.Path, m.Query
	for name, value := range map[string]string{"Accept": m.Accept, "Content-Type": m.ContentType, "User-Agent": m.UserAgent} {
		if value != "" {
			x.Request.Header[name] = value
		}
	}
	if body := e.MaskedBody(); body != nil {
		x.Request.Body = withoutSecrets(body)
	} else if m.BodySize > 0 {
		x.Request.Body = logtext.Hidden
	}
	x.Response = response{Status: m.Status, Header: headersOf(header)}
	if body := e.MaskedResponse(); body != nil {
		x.Response.Body = withoutSecrets(body)
	} else if m.Status != 0 && m.Status != http.StatusNoContent && header.Get("Content-Type") != "" {
		x.Response.Body = logtext.Hidden
	}
}

// name returns the name of the file. Operations are words of the API.
func (x *Exchange) name() string { return fmt.Sprintf("%06d-%s.json", x.Seq, x.Operation) }

func (x *Exchange) encode() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(x)
	return wire.Printable(out.Bytes()), err
}

// schemeOf returns the scheme of an Authorization or WWW-Authenticate header, and hides everything else.
func schemeOf(value string) string {
	name, _, _ := strings.Cut(value, " ")
	for _, known := range []string{"Digest", "Bearer", "Basic"} {
		if strings.EqualFold(name, known) {
			return known + " " + logtext.Hidden
		}
	}
	return logtext.Hidden
}

// shownHeaders are the recorded headers of responses, with functions that hide unknown values: a stub may set a header
// to any text.
var shownHeaders = map[string]func(string) string{
	"Content-Type":           logtext.Media,
	"WWW-Authenticate":       schemeOf,
	"X-Error-Code":           codeOf,
	wire.RateLimitHeader:     numberOf,
	wire.RateRemainingHeader: numberOf,
	"Retry-After":            numberOf,
	"Allow":                  methodsOf,
}

func headersOf(header http.Header) map[string]string {
	shown := map[string]string{}
	for name, mask := range shownHeaders {
		for key, values := range header { // Atlas writes some names in another case than net/http
			if strings.EqualFold(key, name) && len(values) > 0 {
				shown[name] = mask(values[0])
			}
		}
	}
	return shown
}

func codeOf(value string) string {
	if _, known := wire.ErrorCodes()[value]; known {
		return value
	}
	return logtext.Hidden
}

// numberOf shows numbers of at most seven digits: a longer one may be a secret.
func numberOf(value string) string {
	if n, err := strconv.ParseUint(value, 10, 32); err == nil && n < 10_000_000 {
		return value
	}
	return logtext.Hidden
}

func methodsOf(value string) string {
	methods := strings.Split(value, ", ")
	for i, method := range methods {
		methods[i] = logtext.Method(method)
	}
	return strings.Join(methods, ", ")
}

// withoutSecrets hides the values of all fields that are secrets in any type: the journal shows their last characters,
// as responses do.
func withoutSecrets(value any) any {
	switch value := value.(type) {
	case map[string]any:
		shown := make(map[string]any, len(value))
		for name, member := range value {
			isUnset := member == nil || member == ""
			if slices.Contains(secretNames(), name) && !isUnset {
				shown[name] = logtext.Hidden
				continue
			}
			shown[name] = withoutSecrets(member)
		}
		return shown
	case []any:
		shown := make([]any, len(value))
		for i, element := range value {
			shown[i] = withoutSecrets(element)
		}
		return shown
	}
	return value
}

// secretNames are the names of the fields that are secrets in a type of integrations or in a body of the companions.
var secretNames = sync.OnceValue(func() (names []string) {
	eachField(func(f *schemas.Field) {
		if f.Secret != "" && f.Name != "" {
			names = append(names, f.Name)
		}
	})
	slices.Sort(names)
	return slices.Compact(names)
})

// eachField calls visit with every field of every body.
func eachField(visit func(f *schemas.Field)) {
	var walk func(f *schemas.Field)
	walk = func(f *schemas.Field) {
		if f == nil {
			return
		}
		visit(f)
		walk(f.Items)
		for i := range f.Fields {
			walk(&f.Fields[i])
		}
		for i := range f.Variants {
			for j := range f.Variants[i].Fields {
				walk(&f.Variants[i].Fields[j])
			}
		}
	}
	for i := range schemas.Types {
		for j := range schemas.Types[i].Fields {
			walk(&schemas.Types[i].Fields[j])
		}
	}
	for _, op := range companions.Operations() {
		walk(op.Request)
		walk(op.Response)
	}
}
