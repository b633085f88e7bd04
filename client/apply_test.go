package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
)

// meddler changes the project right before a request of a method arrives, as another client may.
type meddler struct {
	base   http.RoundTripper
	method string
	meddle func()
}

func (m *meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.meddle != nil && r.Method == m.method && r.Header.Get("Authorization") != "" {
		m.meddle()
		m.meddle = nil
	}
	return m.base.RoundTrip(r)
}

func TestApply(t *testing.T) {
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	lost := func(f fakeatlas.Fault) *fakeatlas.Fault { f.Method = post; return &f }
	for _, tc := range []struct {
		name   string
		there  bool
		fault  *fakeatlas.Fault
		method string // before which another client creates or deletes
		want   client.Operation
		sent   string
	}{
		{"absent", false, nil, "", client.Create, "GET Not Found, POST OK"},
		{"present", true, nil, "", client.Update, "GET OK, PUT OK"},
		{"created meanwhile", false, nil, post, client.Update, "GET Not Found, POST Conflict, PUT OK"},
		{"deleted meanwhile", true, nil, put, client.Update, "GET OK, PUT OK"},
		{"409 by a fault", false, lost(fakeatlas.Fault{Status: 409}), "", client.Update, "GET Not Found, POST Conflict, PUT OK"},
		{"creation lost on the way there", false, lost(fakeatlas.Fault{Drop: true}), "", client.Create, "GET Not Found, POST , PUT OK"},
		{"creation lost on the way back", false, lost(fakeatlas.Fault{Truncate: true}), "", client.Create, "GET Not Found, POST OK, PUT OK"},
		{"update lost on the way back", true, &fakeatlas.Fault{Method: put, Truncate: true}, "", client.Update, "GET OK, PUT OK, PUT OK"},
		{"absent to PUT", true, &fakeatlas.Fault{Method: put, ErrorCode: "INTEGRATION_NOT_CONFIGURED"}, "", client.Update, "GET OK, PUT Not Found, POST Conflict, PUT OK"},
		{"read put off", true, &fakeatlas.Fault{Method: get, Status: 429}, "", client.Update, "GET Too Many Requests, GET OK, PUT OK"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			atlas, base := fake(t)
			other := func() {
				err := atlas.DeleteIntegration(project, "DATADOG")
				if !tc.there {
					err = atlas.Seed(project, datadog)
				}
				if err != nil {
					t.Error(err)
				}
			}
			if tc.there {
				if err := atlas.Seed(project, datadog); err != nil {
					t.Fatal(err)
				}
			}
			if tc.fault != nil {
				if err := atlas.FailNext(*tc.fault); err != nil {
					t.Fatal(err)
				}
			}
			way := &meddler{http.DefaultTransport, tc.method, other}
			c := connect(t, base, client.WithTransport(way))
			in, op, err := c.Apply(context.Background(), project, payload(t, datadog))
			if err != nil || op != tc.want || in.Type != "DATADOG" {
				t.Errorf("%s %q, %v; want %s", op, in.Type, err, tc.want)
			}
			if got := methods(atlas); got != tc.sent {
				t.Errorf("sent %s, want %s", got, tc.sent)
			}
			if _, ok := atlas.Integration(project, "DATADOG"); !ok {
				t.Error("nothing is stored")
			}
		})
	}
}

// A refusal is not cured by the other operation, nor is a context that is done.
func TestApplyGivesUp(t *testing.T) {
	for name, fault := range map[string]fakeatlas.Fault{
		"read refused":   {Method: http.MethodGet, Status: 403},
		"create refused": {Method: http.MethodPost, ErrorCode: "INVALID_ATTRIBUTE"},
		"create failed":  {Method: http.MethodPost, Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			atlas, base := fake(t)
			if err := atlas.FailNext(fault); err != nil {
				t.Fatal(err)
			}
			_, _, err := connect(t, base).Apply(context.Background(), project, payload(t, datadog))
			var refused *client.APIError
			if !errors.As(err, &refused) {
				t.Errorf("the error is %v", err)
			}
			if _, ok := atlas.Integration(project, "DATADOG"); ok {
				t.Error("it is stored all the same")
			}
		})
	}
}

// A checker sees what a payload is about to be used for, and nothing is sent that it refuses.
func TestChecker(t *testing.T) {
	atlas, base := fake(t)
	refusal := errors.New("not on a Friday")
	judge := &judge{}
	c := connect(t, base, client.WithChecker(judge))
	p := payload(t, datadog)
	must[client.Integration](t)(c.Create(context.Background(), project, p))
	judge.verdict = refusal
	_, _, err := c.Apply(context.Background(), project, p)
	var wrong *client.PayloadError
	if !errors.As(err, &wrong) || !errors.Is(err, refusal) || wrong.Type != "DATADOG" {
		t.Errorf("the error is %v", err)
	}
	if got, want := judge.seen, "create DATADOG, update DATADOG, "; got != want {
		t.Errorf("judged %s, want %s", got, want)
	}
	if got, want := methods(atlas), "POST OK, GET OK"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

type judge struct {
	seen    string
	verdict error
}

func (j *judge) Check(op client.Operation, p client.Payload) error {
	j.seen += string(op) + " " + p.Type() + ", "
	return j.verdict
}
