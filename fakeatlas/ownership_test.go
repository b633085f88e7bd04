package fakeatlas_test

import (
	"encoding/json"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// The server shares no memory of faults and stubs with its caller, who may change both what was passed and what was
// returned, also during a request to the control API.
func TestFaultsAndStubsAreCopied(t *testing.T) {
	const original = "original"
	type text struct{ Value string }
	for name, tc := range map[string]struct {
		body   any
		change func(body any)
	}{
		"object": {map[string]any{"list": []any{original}}, func(b any) { b.(map[string]any)["list"].([]any)[0] = "changed" }},
		"struct": {&text{original}, func(b any) { b.(*text).Value = "changed" }},
		"bytes":  {[]byte(original), func(b any) { b.([]byte)[0] = 'X' }},
		"JSON":   {json.RawMessage(`["` + original + `"]`), func(b any) { b.(json.RawMessage)[2] = 'X' }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			header, match := map[string]string{"X-Sent": original}, map[string]string{"X-Matched": original}
			inject(t, s, fakeatlas.Fault{Status: 503, Header: match, ResponseHeader: header, Body: tc.body})
			if err := s.Stub(fakeatlas.Stub{Path: "/stub", Header: header, Body: tc.body}); err != nil {
				t.Fatal(err)
			}
			want := faultsAndStubs(t, s)

			lists := make(chan struct{})
			go func() {
				defer close(lists)
				controlCall(t, s, "GET", "/faults", "")
				controlCall(t, s, "GET", "/stubs", "")
			}()
			header["X-Sent"], match["X-Matched"] = "changed", "changed"
			tc.change(tc.body)
			fault, stub := s.Faults()[0], s.Stubs()[0]
			fault.Header["X-Matched"], fault.ResponseHeader["X-Sent"], stub.Header["X-Sent"] = "changed", "changed", "changed"
			overwrite(fault.Body)
			overwrite(stub.Body)
			<-lists
			if got := faultsAndStubs(t, s); got != want {
				t.Errorf("the server has\n%s, want\n%s", got, want)
			}
		})
	}
}

// faultsAndStubs returns the faults and the stubs as JSON.
func faultsAndStubs(t *testing.T, s *fakeatlas.Server) string {
	t.Helper()
	data, err := json.Marshal([]any{s.Faults(), s.Stubs()})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// overwrite changes the memory of a body.
func overwrite(body any) {
	switch b := body.(type) {
	case []byte:
		clear(b)
	case json.RawMessage:
		clear(b)
	}
}
