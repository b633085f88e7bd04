package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/atlasint/atlasint/fakeatlas/store"
)

const project = "32b6e34b3d91647abb20e7b8"

func TestSnapshots(t *testing.T) {
	state := store.State{project: {Integrations: []store.Integration{{Type: "A", ID: "1", Fields: map[string]any{
		"n": json.Number("1.50"), "deep": map[string]any{"list": []any{json.Number("9007199254740993"), nil, "<&>"}},
	}}}}}
	data, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	read := store.State{"another": {}}
	if err := json.Unmarshal(data, &read); err != nil || !cmp.Equal(state, read) {
		t.Errorf("%s\n%v:\n%s", data, err, cmp.Diff(state, read))
	}
	for _, empty := range []store.State{nil, {}} {
		if data, err := json.Marshal(empty); err != nil || string(data) != `{"format":3,"projects":{}}` {
			t.Errorf("an empty state: %s, %v", data, err)
		}
	}
}

// JSON that is not a snapshot of this format is rejected before any of it is used, and the error has the next step.
func TestOtherSnapshots(t *testing.T) {
	const again = "take the snapshot again with this version of atlasint"
	for _, tc := range []struct{ data, text, hint string }{
		{
			`{"projects":{}}`, "the snapshot has no member format, and this version reads format 3",
			again + `, or add "format": 3 to one that you wrote yourself`,
		},
		{`null`, "the snapshot has no member format, and this version reads format 3", again + `, or add "format": 3 to one that you wrote yourself`},
		{`{"format":1,"projects":{"p":[]}}`, "the snapshot has format 1, and this version reads format 3", again},
		{`{"format":2,"projects":{}}`, "the snapshot has format 2, and this version reads format 3", again},
		{`{"format":0,"projects":{}}`, "the snapshot has format 0, and this version reads format 3", again},
		{`{"format":4,"stores":{}}`, "the snapshot has format 4, and this version reads format 3", again},
		{`{"format":"canary","projects":{}}`, "the snapshot has an unknown format, and this version reads format 3", again},
		{`{"format":2.0,"projects":{}}`, "the snapshot has an unknown format, and this version reads format 3", again},
		{`{"format":null,"projects":{}}`, "the snapshot has an unknown format, and this version reads format 3", again},
		{`{"format":3}`, "the snapshot has no member projects", `send {"format": 3, "projects": {}} to remove everything`},
	} {
		read := store.State{project: {}}
		var rejected *store.SnapshotError
		err := json.Unmarshal([]byte(tc.data), &read)
		errors.As(err, &rejected)
		want := &store.SnapshotError{Reason: tc.text, Hint: tc.hint}
		if diff := cmp.Diff(want, rejected, cmpopts.IgnoreUnexported(store.SnapshotError{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.data, diff)
		}
		if text := tc.text + "; " + tc.hint; err == nil || err.Error() != text {
			t.Errorf("%s: %v, want %s", tc.data, err, text)
		}
		if len(read) != 1 {
			t.Errorf("%s: the state was changed to %v", tc.data, read)
		}
	}
	for _, data := range []string{
		`[]`, `{"format":3,"projects":{},"more":1}`, `{"format":3,"projects":[]}`,
		`{"format":3,"projects":{"p":{"integrations":[{"more":1}]}}}`,
		`{"format":3,"projects":{"p":{"alerts":[{"more":1}]}}}`, `{"format":3,"projects":{"p":{"more":1}}}`,
		`{"format":3,"projects":{"p":[]}}`,
	} {
		if err := json.Unmarshal([]byte(data), &store.State{}); err == nil {
			t.Errorf("%s is read", data)
		}
	}
}

// JSON of another form gets an error that names the member, without a text of encoding/json or a value.
func TestMalformedSnapshots(t *testing.T) {
	const again = "; take the snapshot again with this version of atlasint"
	for _, tc := range []struct{ data, want string }{
		{`[]`, "the snapshot must be an object, not an array" + again},
		{`"canary"`, "the snapshot must be an object, not a string" + again},
		{`7321`, "the snapshot must be an object, not a number" + again},
		{`{`, "the snapshot is not valid JSON" + again},
		{``, "the snapshot is not valid JSON" + again},
		{`{"format":3,"projects":[]}`, "the member projects of the snapshot must be an object, not an array" + again},
		{
			`{"format":3,"projects":7321}`,
			"the member projects of the snapshot must be an object, not a number" + again,
		},
		{
			`{"format":3,"projects":{"canary":{"integrations":{}}}}`,
			"the member projects.integrations of the snapshot must be an array, not an object" + again,
		},
		{
			`{"format":3,"projects":{"canary":{"integrations":[{"type":7321}]}}}`,
			"the member projects.integrations.type of the snapshot must be a string, not a number" + again,
		},
		{
			`{"format":3,"projects":{"canary":{"deleted":"canary"}}}`,
			"the member projects.deleted of the snapshot must be true or false, not a string" + again,
		},
		{
			`{"format":3,"projects":{"canary":{"integrations":[{"canary":7321}]}}}`,
			"the snapshot has an unknown member; remove the member, or " +
				"take the snapshot again with this version of atlasint",
		},
	} {
		var fault *store.SnapshotError
		if err := new(store.State).UnmarshalJSON([]byte(tc.data)); !errors.As(err, &fault) || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", tc.data, err, tc.want)
		}
	}
}

// Values of every kind count against the bound of the store in memory.
func TestMemoryWeighsNestedValues(t *testing.T) {
	text := string(make([]byte, store.MemoryLimit/4)) // the fourth does not fit
	for name, value := range map[string]any{
		"object": map[string]any{"x": text}, "list": []any{[]any{text}}, "number": json.Number(text),
		"name": map[string]any{text: nil},
	} {
		m := new(store.Memory)
		for n, want := range []error{nil, nil, nil, store.ErrFull} {
			if err := m.Create(t.Context(), string(rune('a'+n)), store.Integration{Type: "A", Fields: map[string]any{"x": value}}); !errors.Is(err, want) {
				t.Errorf("%s %d: %v, want %v", name, n, err, want)
			}
		}
	}
}

// A snapshot that would need much more memory than its size is rejected before it is decoded.
func TestSnapshotsOfManyValues(t *testing.T) {
	projects := func(n int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, `,"%d":{}`, i)
		}
		return `{"format":3,"projects":{` + text.String()[1:] + `}}`
	}
	list := func(member string, n int) string {
		return `{"format":3,"projects":{"p":{"` + member + `":[{}` + strings.Repeat(",{}", n-1) + `]}}}`
	}
	const objects = store.MaxObjects - 3 // without those around the list
	for name, tc := range map[string]struct{ data, want string }{
		"most projects":     {projects(store.MaxProjects), ""},
		"projects":          {projects(store.MaxProjects + 1), "the snapshot has more than 500000 projects"},
		"integrations":      {list("integrations", objects+1), "the snapshot has more than 4000000 objects"},
		"alerts":            {list("alerts", objects+1), "the snapshot has more than 4000000 objects"},
		"most integrations": {list("integrations", objects), ""},
		"braces in a text": {
			`{"format":3,"projects":{"p":{"integrations":[{"type":"\"` + strings.Repeat(`{:\\`, store.MaxObjects+1) + `"}]}}}`, "",
		},
	} {
		var rejected *store.SnapshotError
		err := store.CheckSize([]byte(tc.data))
		if errors.As(err, &rejected); tc.want == "" && err != nil || tc.want != "" && (rejected == nil || rejected.Reason != tc.want) {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
	var read store.State
	if err := json.Unmarshal([]byte(projects(store.MaxProjects+1)), &read); err == nil || len(read) > 0 {
		t.Errorf("decoded %d projects: %v", len(read), err)
	}
}
