package store_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
)

// A stored integration with a secret sample in each field of its type is printed on one line without the sample.
func TestIntegrationIsPrintedMasked(t *testing.T) {
	const sample = "s4mple-5f1d3b7a9c2e4806b1d7f3a95c0e"
	for _, typ := range schemas.Types {
		in := store.Integration{Type: typ.Name, ID: "65f1a2b3c4d5e6f708192a3b", Fields: map[string]any{"unknown": sample}}
		for _, f := range typ.Fields {
			if f.Secret != "" {
				in.Fields[f.Name] = sample
			}
		}
		values := []any{in, &in, []store.Integration{in}, store.State{"p": {Integrations: []store.Integration{in}}}, struct{ In store.Integration }{in}}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			for _, value := range values {
				text := fmt.Sprintf(verb, value)
				if !strings.Contains(text, in.String()) || strings.Contains(text, "\n") {
					t.Errorf("%s of a %T: %s", verb, value, text)
				}
				if strings.Contains(text, sample[:8]) {
					t.Errorf("%s of a %T shows the secret: %s", verb, value, text)
				}
			}
		}
		if want := typ.Name + " " + in.ID; !strings.HasPrefix(in.String(), want) {
			t.Errorf("got %s, want it to begin with %s", in, want)
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("stored", "integration", in)
		if strings.Contains(log.String(), sample[:8]) || !strings.Contains(log.String(), typ.Name) {
			t.Error(log.String())
		}
	}
}

func TestIntegrationAsText(t *testing.T) {
	in := store.Integration{Type: "OPS_GENIE", Fields: map[string]any{"apiKey": "0123456789", "region": "EU", "zone": nil}}
	if got, want := fmt.Sprint(in), "OPS_GENIE apiKey=******6789 region=EU"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// No form of an alert configuration shows its fields, which may contain secrets.
func TestAlertIsPrintedWithoutFields(t *testing.T) {
	const sample = "s4mple-5f1d3b7a9c2e4806b1d7f3a95c0e"
	a := store.Alert{ID: "65f1a2b3c4d5e6f708192a3b", Fields: map[string]any{"notifications": []any{map[string]any{"serviceKey": sample}}}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, value := range []any{a, &a, []store.Alert{a}, store.State{"p": {Alerts: []store.Alert{a}}}, struct{ A store.Alert }{a}} {
			if text := fmt.Sprintf(verb, value); !strings.Contains(text, a.ID) || strings.Contains(text, sample[:8]) {
				t.Errorf("%s of a %T: %s", verb, value, text)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("stored", "alert", a)
	if strings.Contains(log.String(), sample[:8]) || !strings.Contains(log.String(), a.ID) {
		t.Error(log.String())
	}
	if text := (store.Alert{ID: sample}).String(); strings.Contains(text, sample) {
		t.Error(text)
	}
}
