package client_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/fakeatlas"
)

// concurrentChange changes the project right before a request of a method arrives, as another client may.
type concurrentChange struct {
	base   http.RoundTripper
	method string
	change func()
}

func (c *concurrentChange) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.change != nil && r.Method == c.method && r.Header.Get("Authorization") != "" {
		c.change()
		c.change = nil
	}
	return c.base.RoundTrip(r)
}

func TestApply(t *testing.T) {
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	postFault := func(f fakeatlas.Fault) *fakeatlas.Fault { f.Method = post; return &f }
	for _, tc := range []struct {
		name   string
		there  bool
		fault  *fakeatlas.Fault
		method string // before which another client creates or deletes
		want   bool   // created
		sent   string
	}{
		{"absent", false, nil, "", true, "GET Not Found, POST OK"},
		{"present", true, nil, "", false, "GET OK, PUT OK"},
		{"created meanwhile", false, nil, post, false, "GET Not Found, POST Conflict, PUT OK"},
		{"deleted meanwhile", true, nil, put, false, "GET OK, PUT OK"},
		{"409 by a fault", false, postFault(fakeatlas.Fault{Status: 409}), "", false, "GET Not Found, POST Conflict, PUT OK"},
		{"creation lost on the way there", false, postFault(fakeatlas.Fault{Drop: true}), "", true, "GET Not Found, POST , PUT OK"},
		{"creation lost on the way back", false, postFault(fakeatlas.Fault{Truncate: true}), "", true, "GET Not Found, POST OK, PUT OK"},
		{"update lost on the way back", true, &fakeatlas.Fault{Method: put, Truncate: true}, "", false, "GET OK, PUT OK, PUT OK"},
		{
			"absent to PUT", true, &fakeatlas.Fault{Method: put, ErrorCode: "INTEGRATION_NOT_CONFIGURED"}, "", false,
			"GET OK, PUT Not Found, POST Conflict, PUT OK",
		},
		{"read put off", true, &fakeatlas.Fault{Method: get, Status: 429}, "", false, "GET Too Many Requests, GET OK, PUT OK"},
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
			way := &concurrentChange{http.DefaultTransport, tc.method, other}
			c := connect(t, base, client.Options{Transport: way})
			in, created, err := c.Apply(context.Background(), project, payload(t, datadog))
			if err != nil {
				t.Fatal(err)
			}
			if created != tc.want {
				t.Errorf("created is %t, want %t", created, tc.want)
			}
			if in.Type != "DATADOG" {
				t.Errorf("the type is %q, want DATADOG", in.Type)
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

// After an error response, or when the context is done, Apply does not try the other operation. It never reports an
// integration as created then.
func TestApplyStopsAfterErrorResponses(t *testing.T) {
	const post, put = http.MethodPost, http.MethodPut
	for name, faults := range map[string][]fakeatlas.Fault{
		"read rejected":              {{Method: http.MethodGet, Status: 403}},
		"create rejected":            {{Method: post, ErrorCode: "INVALID_ATTRIBUTE"}},
		"create failed":              {{Method: post, Status: 500}},
		"create put off":             {{Method: post, Status: 503}},
		"update after a lost create": {{Method: post, Drop: true}, {Method: put, Status: 500}},
		"update after a conflict":    {{Method: post, Status: 409}, {Method: put, Status: 500}},
	} {
		t.Run(name, func(t *testing.T) {
			atlas, base := fake(t)
			for _, fault := range faults {
				if _, err := atlas.InjectFault(fault); err != nil {
					t.Fatal(err)
				}
			}
			_, created, err := connect(t, base, client.Options{}).Apply(context.Background(), project, payload(t, datadog))
			as[*client.APIError](t, err)
			if created {
				t.Error("created is true")
			}
			if _, ok := atlas.Integration(project, "DATADOG"); ok {
				t.Error("the integration is stored")
			}
		})
	}
}

// Check gets the operation of a payload, and a payload that it rejects is not sent.
func TestCheckOptionRejectsPayloads(t *testing.T) {
	atlas, base := fake(t)
	checkErr := errors.New("not on a Friday")
	checkRecorder := &checkRecorder{}
	c := connect(t, base, client.Options{Check: checkRecorder.check})
	p := payload(t, datadog)
	must[client.Integration](t)(c.Create(context.Background(), project, p))
	checkRecorder.verdict = checkErr
	_, _, err := c.Apply(context.Background(), project, p)
	expectIs(t, err, checkErr)
	if typ := as[*client.PayloadError](t, err).Type; typ != "DATADOG" {
		t.Errorf("the type is %q, want DATADOG", typ)
	}
	if got, want := checkRecorder.seen, "create DATADOG, update DATADOG, "; got != want {
		t.Errorf("checked %s, want %s", got, want)
	}
	if got, want := methods(atlas), "POST OK, GET OK"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

type checkRecorder struct {
	seen    string
	verdict error
}

func (r *checkRecorder) check(operation string, p client.Payload) error {
	r.seen += operation + " " + p.Type() + ", "
	return r.verdict
}
