package fakeatlas

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A fault has its durations and its body after it was written as JSON and read.
func TestFaultsAreReadAsWritten(t *testing.T) {
	whole := Fault{
		ID: "7", Method: "POST", Path: "*/integrations/*", Project: testProject, Type: "DATADOG", Header: map[string]string{"X-Test": "1"},
		Status: 503, ErrorCode: "SERVICE_UNAVAILABLE", ResponseHeader: map[string]string{"X-Cause": "test"},
		RetryAfter: 90 * time.Second, Delay: 1500 * time.Millisecond, Truncate: true, Applied: 2, Times: 3, Probability: 0.5, Seed: 1 << 63,
	}
	for name, body := range map[string]struct{ sent, want any }{
		"none":   {nil, nil},
		"text":   {"down", "down"},
		"bytes":  {[]byte("a<b"), "a<b"},
		"empty":  {"", ""},
		"object": {map[string]any{"a": 1}, json.RawMessage(`{"a":1}`)},
		"null":   {json.RawMessage("null"), json.RawMessage("null")},
		"digits": {json.RawMessage(`{"n":12345678901234567890}`), json.RawMessage(`{"n":12345678901234567890}`)},
	} {
		t.Run(name, func(t *testing.T) {
			written := whole
			written.Body = body.sent
			data, err := json.Marshal(written)
			read := Fault{Drop: true}
			if err := errors.Join(err, json.Unmarshal(data, &read)); err != nil {
				t.Fatal(err)
			}
			written.Body = body.want
			if diff := cmp.Diff(written, read, cmpopts.IgnoreUnexported(Fault{})); diff != "" {
				t.Errorf("%s (-written +read):\n%s", data, diff)
			}
		})
	}
}

func TestFaultsOfInvalidJSON(t *testing.T) {
	for sent, want := range map[string]FaultError{
		`{"delay": "canary"}`: {Field: "delay", Reason: `delay must be a duration, such as "1.5s"`,
			Hint: "write the number with its unit: ms, s, m or h; 8760h at most"},
		`{"stauts": 503}`: {Reason: `the fault has an unknown member "stauts"`, Hint: "did you mean status?"},
		`{"delay": 1500}`: {Reason: "delay: want a string, got a number", Hint: "GET /_atlasint/openapi.yaml describes the fault"},
		`["canary"]`:      {Reason: "the fault is not a JSON object", Hint: "GET /_atlasint/openapi.yaml describes the fault"},
		`{"times": 1, "times": 2}`: {Reason: "the fault has a duplicate member in an object",
			Hint: "remove one of the two members"},
	} {
		kept := Fault{Status: 503}
		err := json.Unmarshal([]byte(sent), &kept)
		var invalid *FaultError
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v", sent, err)
			continue
		}
		if diff := cmp.Diff(want, *invalid); diff != "" || kept.Status != 503 {
			t.Errorf("%s: status %d (-want +got):\n%s", sent, kept.Status, diff)
		}
	}
	list := []Fault{}
	if err := json.Unmarshal([]byte(`[null, {"status": 503}]`), &list); err != nil || len(list) != 2 || list[1].Status != 503 {
		t.Errorf("a list with null becomes %v, %v", list, err)
	}
}

// A request has all its fields after it was written as JSON and read, as clients of the control API do.
func TestRequestsAreReadAsWritten(t *testing.T) {
	a := newAPIClient(t, "v2")
	a.do("POST", "/DATADOG", `{"type": "DATADOG", "apiKey": "`+strings.Repeat("a", 32)+`", "region": "US"}`)
	a.do("GET", "?itemsPerPage=1", "")
	written := a.s.Requests()
	written[0].Body["number"] = json.Number("12345678901234567890")
	data, err := json.Marshal(written)
	var read []Request
	if err := errors.Join(err, json.Unmarshal(data, &read)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(written, read, cmpopts.EquateEmpty()); diff != "" || written[0].Duration == 0 || len(written) != 2 {
		t.Errorf("%s (-written +read):\n%s", data, diff)
	}
	var newer Request
	if err := json.Unmarshal([]byte(`{"seq": 1, "duration": "2ms", "newMember": 1}`), &newer); err != nil || newer.Duration != 2*time.Millisecond {
		t.Errorf("a request of a newer server becomes %v, %v", newer, err)
	}
	for _, wrong := range []string{`{"duration": "canary"}`, `{"duration": 1}`} {
		if err := json.Unmarshal([]byte(wrong), &newer); err == nil || strings.Contains(err.Error(), "canary") || newer.Seq != 1 {
			t.Errorf("%s: %v, %v", wrong, newer, err)
		}
	}
}
