package fakeatlas_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/atlasv2"
)

// The error for a payload has the place, the message and the hint of each finding; the place only if the caller passed
// JSON.
func TestSeedErrors(t *testing.T) {
	const missing = `DATADOG: missing required field "apiKey" (Datadog API key, string)`
	for name, tc := range map[string]struct {
		payload any
		want    string
	}{
		"not closed": {`{"type":"DATADOG`, `the payload of an unknown type is invalid: 1:9: `},
		"renamed":    {`{"type":"DATADOG","apikey":"` + secret + `"}`, `the payload of DATADOG is invalid: 1:9: ` + missing + `; rename the field at 1:19`},
		"bytes":      {[]byte("\n" + `{"type":"DATADOG"}`), `the payload of DATADOG is invalid: 2:9: ` + missing},
		"map": {
			map[string]any{"type": "DATADOG", "apikey": secret},
			`the payload of DATADOG is invalid: DATADOG: unknown field "apikey"; did you mean "apiKey"?`,
		},
		"struct": {atlasv2.Datadog{}, `the payload of DATADOG is invalid: `},
	} {
		t.Run(name, func(t *testing.T) {
			err := newServer(t).Seed(project, tc.payload)
			if err == nil || !strings.HasPrefix(err.Error(), "payload 1: "+tc.want) || strings.Contains(err.Error(), secret) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
			_, isText := tc.payload.(string)
			_, isBytes := tc.payload.([]byte)
			if hasPlace := regexp.MustCompile(`\d:\d`).MatchString(err.Error()); hasPlace != (isText || isBytes) {
				t.Errorf("for %T the places are wrong: %v", tc.payload, err)
			}
		})
	}
}

// A snapshot that the control API rejects gets the text of the error once: the last hint is not in the message.
func TestRestoreErrors(t *testing.T) {
	s := newServer(t)
	const (
		regionHint = `did you mean "US"? (use "US", "EU", "US3", "US5", "AP1" or "US1_FED")`
		region     = `DATADOG.region: "us" is not allowed`
		id         = "the id is not 24 hexadecimal digits in lower case"
	)
	for name, tc := range map[string]struct {
		stored       store.Integration
		reason, hint string
	}{
		"one finding": {
			stored: store.Integration{Type: "DATADOG", Fields: map[string]any{"apiKey": secret, "region": "us"}},
			reason: region, hint: regionHint,
		},
		"the last finding has no hint": {
			stored: store.Integration{ID: "1", Type: "DATADOG", Fields: map[string]any{"apiKey": secret, "region": "us"}},
			reason: region + "; " + regionHint + "; " + id,
		},
	} {
		t.Run(name, func(t *testing.T) {
			state := store.State{project: {Integrations: []store.Integration{tc.stored}}}
			message := "project " + project + ": the payload of DATADOG is invalid: " + tc.reason
			want := message
			if tc.hint != "" {
				want += "; " + tc.hint
			}
			if err := s.Restore(state); err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			wantControlError(t, s, state, message, tc.hint)
		})
	}
}

// Restore names the part of a snapshot that no request could have made, and none of its values.
func TestRestoreRejectsRecords(t *testing.T) {
	const canary = "c4n4ry-of-a-record"
	const id, recordHint, alertHint = "65f0c1d2e3a4b5c6d7e8f900", "export the project again, or correct the value",
		"export it again, or compare it with docs/alerts.md"
	s := newServer(t)
	record := func(change func(*store.Project)) store.Contents {
		p := store.Project{Org: "5f0000000000000000000001", Name: "name"}
		change(&p)
		return store.Contents{Project: &p}
	}
	alert := func(id, event string) store.Alert {
		return store.Alert{ID: id, Fields: map[string]any{"eventTypeName": event, "enabled": true,
			"notifications": []any{map[string]any{"typeName": "GROUP", "emailEnabled": true, "roles": []any{"GROUP_OWNER"}}}}}
	}
	noYear := time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC)
	at := func(created, updated time.Time) store.Alert {
		a := alert(id, "NO_PRIMARY")
		a.Created, a.Updated = created, updated
		return a
	}
	email := map[string]any{"typeName": "EMAIL", "emailAddress": "a", "notifierId": id}
	twice := alert(id, "NO_PRIMARY")
	twice.Fields["notifications"] = []any{email, email}
	alerts := func(list ...store.Alert) store.Contents { return store.Contents{Alerts: list} }
	for _, tc := range []struct {
		contents     store.Contents
		reason, hint string
	}{
		{record(func(p *store.Project) { p.Name = canary + "\n" }),
			"the record of the project is invalid: a value of name is not accepted by the API", recordHint},
		{record(func(p *store.Project) { p.Name = ".." }),
			"the record of the project is invalid: a value of name is not accepted by the API", recordHint},
		{record(func(p *store.Project) { p.Created = noYear }),
			"the record of the project is invalid: a value of created is not accepted by the API", recordHint},
		{record(func(p *store.Project) { p.Created = time.Date(9999, 12, 31, 23, 59, 59, 0, time.FixedZone("", -3600)) }),
			"the record of the project is invalid: a value of created is not accepted by the API", recordHint},
		{record(func(p *store.Project) { p.Org = canary }),
			"the record of the project is invalid: a value of org is not accepted by the API", recordHint},
		{record(func(p *store.Project) { p.Limits = map[string]int64{canary: 1} }),
			"the record of the project is invalid: a value of limits is not accepted by the API", recordHint},
		{record(func(p *store.Project) {
			p.Org, p.Limits, p.Teams = canary, map[string]int64{canary: 1}, []store.Team{{ID: canary}}
		}),
			"the record of the project is invalid: a value of org is not accepted by the API", recordHint},
		{alerts(alert(id, "NO_PRIMARY"), alert("", canary)),
			"alerts[1] is not an alert configuration that the API accepts (INVALID_EVENT_TYPE_FOR_ALERT)", alertHint},
		{alerts(alert(canary, "NO_PRIMARY")), "the id of alerts[0] is not 24 hexadecimal digits in lower case", alertHint},
		{alerts(alert(id, "NO_PRIMARY"), alert(id, "NO_PRIMARY")), "alerts[1] has the id of another alert configuration", alertHint},
		{alerts(twice), "alerts[0] is not an alert configuration that the API accepts (INVALID_ATTRIBUTE)", alertHint},
		{alerts(at(noYear, time.Time{})), "a time of alerts[0] is not one of the years 1 to 9999", alertHint},
		{alerts(at(time.Time{}, noYear)), "a time of alerts[0] is not one of the years 1 to 9999", alertHint},
		{alerts(make([]store.Alert, 501)...), "it has 501 alert configurations, over the limit of 500", alertHint},
	} {
		state := store.State{project: tc.contents}
		err := s.Restore(state)
		if want := "project " + project + ": " + tc.reason + "; " + tc.hint; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		var wrong *store.SnapshotError
		errors.As(err, &wrong)
		wantError := &store.SnapshotError{Project: project, Reason: "project " + project + ": " + tc.reason, Hint: tc.hint}
		if diff := cmp.Diff(wantError, wrong, cmpopts.IgnoreUnexported(store.SnapshotError{})); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		wantControlError(t, s, state, "project "+project+": "+tc.reason, tc.hint)
	}
}

// A project that does not exist is named, in Go and by the control API. A text in place of an ID is shown if it is
// short.
func TestProjectErrors(t *testing.T) {
	const other = "ffffffffffffffffffffffff"
	s := newServer(t, fakeatlas.WithProjects(project))
	for id, want := range map[string][2]string{
		other:           {"project " + other + " does not exist on this server", "create it, or add it to the server's projects"},
		"production":    {`"production" is not a project ID`, "it has 24 hexadecimal digits in lower case"},
		secret + secret: {"a text of 64 characters is not a project ID", "it has 24 hexadecimal digits in lower case"},
	} {
		for _, err := range []error{s.Seed(id, datadog), s.Restore(store.State{id: {}})} {
			if err == nil || err.Error() != want[0]+"; "+want[1] {
				t.Errorf("%s: %v, want %s", id, err, want)
			}
		}
		wantControlError(t, s, store.State{id: {}}, want[0], want[1])
	}
}

// wantControlError restores a snapshot with the control API, and compares its error.
func wantControlError(t *testing.T, s *fakeatlas.Server, state store.State, message, hint string) {
	t.Helper()
	body, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	got := controlCall(t, s, "PUT", "/state", string(body))
	type rejection struct{ Error, Hint string }
	var rejected rejection
	if err := json.Unmarshal([]byte(got.body), &rejected); err != nil || got.status != 400 {
		t.Errorf("%d %s, error %v", got.status, got.body, err)
	}
	if diff := cmp.Diff(rejection{message, hint}, rejected); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
