package companions

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
)

// codeOf returns the error code of a response, "" for no error.
func codeOf(t *testing.T, err error) string {
	t.Helper()
	var e *wire.Error
	if err != nil && !errors.As(err, &e) {
		t.Fatal(err)
	}
	if e == nil {
		return ""
	}
	return e.Code
}

func TestTagsOf(t *testing.T) {
	long := strings.Repeat("é", 255)
	for name, tc := range map[string]struct {
		sent []companions.ResourceTag
		want []store.Tag
		code string
	}{
		"none":          {nil, nil, ""},
		"an empty list": {[]companions.ResourceTag{}, nil, ""},
		"in order": {
			[]companions.ResourceTag{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}},
			[]store.Tag{{Key: "b", Value: "1"}, {Key: "a", Value: "2"}}, "",
		},
		"the longest": {[]companions.ResourceTag{{Key: long, Value: long}}, []store.Tag{{Key: long, Value: long}}, ""},
		"too long":    {[]companions.ResourceTag{{Key: "a", Value: long + "x"}}, nil, "INVALID_ATTRIBUTE"},
		"no key":      {[]companions.ResourceTag{{Key: "a", Value: "1"}, {Value: "2"}}, nil, "INVALID_ATTRIBUTE"},
		"no value":    {[]companions.ResourceTag{{Key: "a"}}, nil, "INVALID_ATTRIBUTE"},
	} {
		got, err := tagsOf(tc.sent)
		if diff := cmp.Diff(tc.want, got); diff != "" || codeOf(t, err) != tc.code {
			t.Errorf("%s: %v, want %q (-want +got)\n%s", name, err, tc.code, diff)
		}
	}
}

func TestAlertFields(t *testing.T) {
	const email = `"notifications":[{"typeName":"EMAIL","emailAddress":"a@example.com"}]`
	for name, tc := range map[string]struct{ body, code string }{
		"smallest":             {`{"eventTypeName":"NO_PRIMARY",` + email + `}`, ""},
		"no event":             {`{` + email + `}`, "MISSING_ATTRIBUTE"},
		"empty event":          {`{"eventTypeName":"",` + email + `}`, "MISSING_ATTRIBUTE"},
		"unknown field":        {`{"eventTypeName":"NO_PRIMARY","color":1,` + email + `}`, "INVALID_ATTRIBUTE"},
		"unknown notification": {`{"eventTypeName":"NO_PRIMARY","notifications":[{"typeName":"PIGEON"}]}`, "UNSUPPORTED_NOTIFICATION_TYPE"},
	} {
		fields, err := alertFields([]byte(tc.body))
		if got := codeOf(t, err); got != tc.code {
			t.Errorf("%s: %q, want %q: %v", name, got, tc.code, err)
		}
		if err != nil {
			continue
		}
		want := map[string]any{"enabled": false, "eventTypeName": "NO_PRIMARY", "matchers": []any{}}
		for field, value := range want {
			if diff := cmp.Diff(value, fields[field]); diff != "" {
				t.Errorf("%s: %s (-want +got):\n%s", name, field, diff)
			}
		}
	}
}
