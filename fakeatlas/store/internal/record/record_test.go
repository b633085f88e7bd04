package record_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
)

const project = "32b6e34b3d91647abb20e7b8"

func TestIntegrations(t *testing.T) {
	want := store.Integration{Type: "DATADOG", ID: "65f0c1d2e3a4b5c6d7e8f900", Fields: map[string]any{
		"region": "US", "on": true, "unset": nil, "limits": map[string]any{"low": json.Number("1.50"), "list": []any{json.Number("1e400"), "x", nil}},
	}}
	sealed, err := record.Encode(project, want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := record.Decode(project, "DATADOG", sealed)
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("%v:\n%s", err, cmp.Diff(want, got))
	}
	for name, place := range map[string][2]string{"project": {"111111111111111111111111", "DATADOG"}, "type": {project, "SLACK"}} {
		if _, err := record.Decode(place[0], place[1], sealed); !errors.Is(err, record.ErrDamaged) {
			t.Errorf("a record of another %s: %v, want ErrDamaged", name, err)
		}
	}
	for _, foreign := range []string{
		"", "{}", `{"type":"DATADOG"}`, "canary", record.Seal(project+"\x00DATADOG", "[]"),
		record.Seal(project+"\x00DATADOG", `{"type":"SLACK"}`),
	} {
		if _, err := record.Decode(project, "DATADOG", foreign); !errors.Is(err, record.ErrDamaged) {
			t.Errorf("%q: %v, want ErrDamaged", foreign, err)
		}
	}
	if _, err := record.Encode(project, store.Integration{Fields: map[string]any{"f": func() {}}}); err == nil {
		t.Error("a function is encoded")
	}
}

func TestProjects(t *testing.T) {
	want := store.Project{ID: project, Org: "65f0c1d2e3a4b5c6d7e8f900", Name: "a", Tags: []store.Tag{}, Limits: map[string]int64{"x": 1 << 60}}
	sealed, err := record.EncodeProject(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := record.DecodeProject(project, sealed)
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("%v:\n%s", err, cmp.Diff(want, got))
	}
	for _, foreign := range []string{"", "{}", sealed[1:], record.Seal(project, "{}"), record.Seal("project\x00"+project, `{"id":"other"}`)} {
		if _, err := record.DecodeProject(project, foreign); !errors.Is(err, record.ErrDamaged) {
			t.Errorf("%q: %v, want ErrDamaged", foreign, err)
		}
	}
	if _, err := record.DecodeProject("111111111111111111111111", sealed); !errors.Is(err, record.ErrDamaged) {
		t.Errorf("a record of another project: %v, want ErrDamaged", err)
	}
}

func TestAlerts(t *testing.T) {
	want := []store.Alert{{ID: "65f0c1d2e3a4b5c6d7e8f900", Fields: map[string]any{"threshold": map[string]any{"threshold": json.Number("80.0")}}}}
	sealed, err := record.EncodeAlerts(project, want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := record.DecodeAlerts(project, sealed)
	if err != nil || !cmp.Equal(want[0].Fields, got[0].Fields) || got[0].ID != want[0].ID {
		t.Errorf("%v: %v", err, got)
	}
	for _, foreign := range []string{"", "[]", sealed[1:], record.Seal(project, "[]"), record.Seal("alerts\x00"+project, "{}")} {
		if _, err := record.DecodeAlerts(project, foreign); !errors.Is(err, record.ErrDamaged) {
			t.Errorf("%q: %v, want ErrDamaged", foreign, err)
		}
	}
	if _, err := record.DecodeAlerts("111111111111111111111111", sealed); !errors.Is(err, record.ErrDamaged) {
		t.Errorf("a record of another project: %v, want ErrDamaged", err)
	}
	if _, err := record.EncodeAlerts(project, []store.Alert{{Fields: map[string]any{"f": func() {}}}}); err == nil {
		t.Error("a function is encoded")
	}
}

// A record with a changed byte at any place does not open, nor does a record that was cut.
func TestDamage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		place, content := rapid.String().Draw(t, "place"), rapid.String().Draw(t, "content")
		sealed := record.Seal(place, content)
		if got, err := record.Open(place, sealed); err != nil || got != content {
			t.Fatalf("%q, %v", got, err)
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		changed := []byte(sealed)
		changed[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
		if _, err := record.Open(place, string(changed)); err == nil {
			t.Error("a changed record opens")
		}
		if cut := sealed[:i]; i < len(sealed) {
			if got, err := record.Open(place, cut); err == nil {
				t.Errorf("a cut record opens as %q", got)
			}
		}
	})
}

func TestMessages(t *testing.T) {
	for format, want := range map[string]string{
		"1": "has format 1, and this version of atlasint uses format 4", "": "has an unknown format, and this version of atlasint uses format 4",
		"canary": "has an unknown format, and this version of atlasint uses format 4",
	} {
		if got := record.Mismatch(format); got != want {
			t.Errorf("%q %s, want %s", format, got, want)
		}
	}
	if got := record.Place(project, "SLACK"); got != "SLACK in project "+project {
		t.Error(got)
	}
	for _, name := range []string{"", "\x1b[2J", "two words"} {
		if got := record.Place(project, name); got != "an integration" {
			t.Error(got)
		}
	}
}
