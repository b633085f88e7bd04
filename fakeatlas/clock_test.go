package fakeatlas

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/atlasint/atlasint/fakeatlas/internal/control"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
)

// callControl sends a request to the control API from this machine.
func callControl(s *Server, method, path, body string) reply {
	r := httptest.NewRequest(method, "http://localhost"+control.Prefix+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

// The clock never leaves the years that JSON can represent, however often a client moves it, running or stopped.
func TestClockDoesNotOverflow(t *testing.T) {
	for _, start := range []string{`{"run":true}`, `{"now":"2026-01-02T03:04:05Z"}`} {
		for _, step := range []string{"2562047h", "-2562047h"} {
			a := newAPIClient(t, schemas.V2)
			if got := callControl(a.s, "PUT", "clock", start); got.status != 200 {
				t.Fatal(got)
			}
			moves := 0
			for range 100 {
				before := a.s.clock.Now()
				got := callControl(a.s, "PUT", "clock", `{"advance":"`+step+`"}`)
				now, forward := a.s.clock.Now(), step[0] != '-'
				if year := now.UTC().Year(); year < 1 || year > 9998 {
					t.Fatalf("%s, %s: the year %d", start, step, year)
				}
				switch {
				case got.status == 200 && now.After(before) == forward:
					moves++
				case got.status == 400 && now.Sub(before) <= time.Hour && strings.Contains(got.body, "use the years 1 to 9998"):
				default:
					t.Fatalf("%s, %s: from %v to %v: %v", start, step, before, now, got)
				}
			}
			fewestYears := 7600
			if step[0] == '-' {
				fewestYears = 1700
			}
			if years := moves * 292; years < fewestYears {
				t.Errorf("%s, %s: only %d moves", start, step, moves)
			}
		}
	}
}

// Of concurrent moves, each is applied: the bound is checked while the clock is locked.
func TestClockMovesTogether(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	a.s.SetClock(time.Date(9998, 1, 1, 0, 0, 0, 0, time.UTC))
	done := make(chan int)
	for range 16 {
		go func() { done <- callControl(a.s, "PUT", "clock", `{"advance":"4380h"}`).status }()
	}
	moved := 0
	for range 16 {
		if <-done == 200 {
			moved++
		}
	}
	if want := time.Date(9998, 7, 2, 12, 0, 0, 0, time.UTC); moved != 1 || !a.s.clock.Now().Equal(want) {
		t.Errorf("%d moves, to %v", moved, a.s.clock.Now())
	}
}

// A clock that is stopped at the first possible time does not count as running.
func TestClockStopsAtTheFirstMoment(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	for _, body := range []string{`{"now":"0001-01-01T00:00:00Z"}`, `{"now":"0001-01-01T00:00:01Z"}`, `{"advance":"-1s"}`} {
		if got := callControl(a.s, "PUT", "clock", body); got.status != 200 || !strings.Contains(got.body, `"running":false`) {
			t.Errorf("%s: %v", body, got)
		}
	}
	for _, body := range []string{`{"now":"0001-01-01T00:00:00+01:00"}`, `{"now":"9998-12-31T23:00:00-01:00"}`} { // in UTC, another year
		if got := callControl(a.s, "PUT", "clock", body); got.status != 400 {
			t.Errorf("%s: %v", body, got)
		}
	}
}

// After the clock was moved far, credentials are accepted, and tokens and nonces expire.
func TestDigestInAnyYear(t *testing.T) {
	a := newAPIClient(t, schemas.V2)
	challenge := a.challenged()
	for _, year := range []int{3000, 7000, 9998, 1, 1970} {
		a.s.SetClock(time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC))
		got := a.digested(challenge)
		if got.status != 401 || !strings.Contains(got.header.Get("WWW-Authenticate"), "stale=true") {
			t.Errorf("year %d: an old nonce: %v", year, got)
		}
		challenge = a.challenged()
		a.want(a.digested(challenge), 200, "")
		a.s.Advance(time.Hour)
		if got := a.digested(challenge); got.status != 401 {
			t.Errorf("year %d: an hour later: %v", year, got)
		}
		challenge = a.challenged()
	}
}

// Every number of the control API has its bounds. A number beyond them gets an error that states them.
func TestControlNumbers(t *testing.T) {
	for _, tc := range []struct{ method, path, body, want string }{
		{"POST", "faults", `{"status":503,"retryAfter":"8760h"}`, `201 `},
		{
			"POST", "faults", `{"status":503,"retryAfter":"8760h1ns"}`,
			`400 {"error":"invalid fault: retryAfter must be between 0 and a year of 8760h","hint":"use one such as 2s"}`,
		},
		{
			"POST", "faults", `{"status":503,"retryAfter":"2562047h47m16.854775807s"}`,
			`400 {"error":"invalid fault: retryAfter must be between 0 and a year of 8760h","hint":"use one such as 2s"}`,
		},
		{
			"POST", "faults", `{"status":503,"retryAfter":"-1s"}`,
			`400 {"error":"invalid fault: retryAfter must be between 0 and a year of 8760h","hint":"use one such as 2s"}`,
		},
		{"POST", "faults", `{"status":503,"retryAfter":"9223372036854775808ns"}`, `400 {"error":"invalid fault: retryAfter must be a duration`},
		{"POST", "faults", `{}`, `400 {"error":"invalid fault: status is missing","hint":"set status, errorCode, delay, drop or truncate"}`},
		{"POST", "faults", `{"delay":"8760h1ns"}`, `400 {"error":"invalid fault: delay must be between 0 and a year of 8760h","hint":"use one such as 2s"}`},
		{"POST", "faults", `{"delay":"99999999999999999999h"}`, `400 {"error":"invalid fault: delay must be a duration`},
		{"POST", "faults", `{"drop":true,"times":9223372036854775807}`, `201 `},
		{"POST", "faults", `{"drop":true,"times":9223372036854775808}`, `400 {"error":"times: not a whole number, or out of range"`},
		{"POST", "faults", `{"drop":true,"times":-1}`, `400 {"error":"invalid fault: times must not be negative","hint":"use 0 for no limit"}`},
		{"POST", "faults", `{"drop":true,"times":1.5}`, `400 {"error":"times: not a whole number, or out of range"`},
		{"POST", "faults", `{"drop":true,"seed":18446744073709551616}`, `400 {"error":"seed: not a whole number, or out of range"`},
		{"POST", "faults", `{"drop":true,"probability":1e400}`, `400 {"error":"probability: the number is too large"`},
		{"POST", "faults", `{"drop":true,"probability":-1e-400}`, `400 {"error":"invalid fault: probability must be greater than 0, and 1 at most"`},
		{"POST", "faults", `{"drop":true,"probability":1e-400}`, `400 {"error":"invalid fault: probability must be greater than 0, and 1 at most"`},
		{"POST", "faults", `{"drop":true,"probability":0}`, `400 {"error":"invalid fault: probability must be greater than 0, and 1 at most"`},
		{"POST", "faults", `{"drop":true,"probability":5e-324}`, `201 `},
		{"POST", "faults", `{"drop":true,"probability":null}`, `201 `},
		{"POST", "faults", `{"status":4294967796}`, `400 {"error":"invalid fault: status must be between 400 and 599","hint":"use one such as 429 or 503"}`},
		{"GET", "requests?limit=9223372036854775807", ``, `200 `},
		{
			"GET", "requests?limit=9223372036854775808", ``,
			`400 {"error":"the query parameter limit is not a whole number from 0 up","hint":"leave it out for all requests"}`,
		},
		{
			"GET", "requests?limit=-9223372036854775808", ``,
			`400 {"error":"the query parameter limit is not a whole number from 0 up","hint":"leave it out for all requests"}`,
		},
		{"PUT", "clock", `{"advance":"9223372036854775807ns"}`, `200 `},
		{"PUT", "clock", `{"advance":"9223372036854775808ns"}`, `400 {"error":"advance is not a duration"`},
		{"PUT", "clock", `{"advance":"an hour"}`, `400 {"error":"advance is not a duration"`},
		{"PUT", "clock", `{"now":"tomorrow"}`, `400 {"error":"now is not a time"`},
		{"PUT", "clock", `{"now":"2026-01-02T03:04:05Z","run":true}`, `400 {"error":"the body has no valid time"`},
		{"PUT", "clock", `{}`, `400 {"error":"the body has no valid time"`},
		{
			"PUT", "state", `{"format":3,"projects":{"5d791c84ff7a2522cc4f9aa1":{"project":{"created":"tomorrow"}}}}`,
			`400 {"error":"a time in the body is invalid"`,
		},
	} {
		if got := callControl(newAPIClient(t, schemas.V2).s, tc.method, tc.path, tc.body); !strings.HasPrefix(fmt.Sprint(got.status, " ", got.body), tc.want) {
			t.Errorf("%s %s %s: %d %s, want %s", tc.method, tc.path, tc.body, got.status, got.body, tc.want)
		}
	}
	for _, n := range []int{-1, 1_000_000_001, math.MaxInt} {
		if _, err := New(WithRateLimit(n)); err == nil {
			t.Errorf("a rate limit of %d", n)
		}
	}
}

// FuzzControlNumbers: for all times that the control API accepts, the clock stays within its years and moves by the
// requested duration, and Retry-After is the duration of the fault, rounded up to seconds.
func FuzzControlNumbers(f *testing.F) {
	for _, step := range []string{"1h", "-1h", "2562047h47m16.854775807s", "-2562047h47m16.854775808s", "8760h", "1ns", "0", "", "1.5s", "99999999999h", ".s"} {
		f.Add(step, "", uint8(40))
		f.Add(step, "9998-12-31T23:59:59Z", uint8(2))
		f.Add(step, "0001-01-01T00:00:00Z", uint8(3))
	}
	f.Fuzz(func(t *testing.T, step, now string, times uint8) {
		a := newAPIClient(t, schemas.V2)
		if now != "" {
			callControl(a.s, "PUT", "clock", string(wire.Encode(wire.Object{wire.Field("now", now)})))
		}
		d, err := time.ParseDuration(step)
		for range times % 64 {
			moveBy(t, a, step, d, err)
		}
		a.s.SetClock(time.Time{})
		a.token = issue(t, a.s)
		fault := wire.Encode(wire.Object{wire.Field("status", 503), wire.Field("retryAfter", step)})
		if callControl(a.s, "POST", "faults", string(fault)).status != http.StatusCreated {
			return
		}
		header := a.do("GET", "", "").header.Get("Retry-After")
		want := ""
		if d > 0 {
			want = strconv.FormatFloat(math.Ceil(d.Seconds()), 'f', 0, 64)
		}
		if header != want {
			t.Fatalf("Retry-After is %q for %q, want %q", header, step, want)
		}
	})
}

// moveBy moves a stopped clock and compares the new time with the requested one.
func moveBy(t *testing.T, a *apiClient, step string, d time.Duration, malformed error) {
	t.Helper()
	before := a.s.clock.Now()
	got := callControl(a.s, "PUT", "clock", string(wire.Encode(wire.Object{wire.Field("advance", step)})))
	after := a.s.clock.Now()
	want := before.Add(d)
	inside := want.UTC().Year() >= 1 && want.UTC().Year() <= 9998
	switch {
	case !json.Valid([]byte(got.body)):
		t.Fatalf("%q: %s", step, got.body)
	case malformed == nil && inside && (got.status != 200 || !after.Equal(want)):
		t.Fatalf("%q from %v: %d, to %v", step, before, got.status, after)
	case (malformed != nil || !inside) && (got.status != 400 || !after.Equal(before)):
		t.Fatalf("%q from %v: %d, to %v", step, before, got.status, after)
	}
}
