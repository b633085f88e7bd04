package wire

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testProject = "5d791c84ff7a2522cc4f9aa0"

func TestTargetOf(t *testing.T) {
	all := Target{Operation: "list", APIVersion: "v2", Project: testProject, Integrations: true, Bucket: testProject}
	one := Target{Operation: "update", APIVersion: "v1.0", Project: testProject, Type: "SLACK", Integrations: true, Bucket: testProject}
	for _, tt := range []struct {
		method, path string
		want         Target
	}{
		{"GET", "/api/atlas/v2/groups/" + testProject + "/integrations", all},
		{"PUT", "/api/atlas/v1.0/groups/" + testProject + "/integrations/SLACK", one},
		{"POST", OAuthPath + "token", Target{Operation: "token"}},
		{"GET", OAuthPath + "token", Target{Operation: OtherOperation}},
		{"GET", "/elsewhere", Target{Operation: OtherOperation}},
	} {
		if diff := cmp.Diff(tt.want, TargetOf(tt.method, tt.path)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.method, tt.path, diff)
		}
	}
}

func TestMatchPath(t *testing.T) {
	for _, tt := range []struct {
		pattern, path string
		want          bool
	}{
		{"/a", "/a", true},
		{"/a", "/ab", false},
		{"/a*", "/a/b/c", true},
		{"*/b/*", "/a/b/c", true},
		{"/a*c*e", "/abcde", true},
		{"/a*e*c", "/abcde", false},
		{"/a*a", "/a", false},
		{"/a*x*", "/abc", false},
	} {
		if got := MatchPath(tt.pattern, tt.path); got != tt.want {
			t.Errorf("MatchPath(%q, %q) = %t, want %t", tt.pattern, tt.path, got, tt.want)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, tt := range []struct{ perPage, page, n, first, last int }{
		{2, 1, 3, 0, 2},
		{2, 2, 3, 2, 3},
		{2, 3, 3, 3, 3},
		{500, 1 << 62, 3, 3, 3}, // the product overflows
	} {
		first, last := NewPaging(nil, &tt.perPage, &tt.page).Span(tt.n)
		if diff := cmp.Diff([]int{tt.first, tt.last}, []int{first, last}); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt, diff)
		}
	}
}

func TestVersion(t *testing.T) {
	for _, tt := range []struct{ accept, version, code string }{
		{"application/vnd.atlas.2024-06-01+json", "2023-11-15", ""},
		{"application/vnd.atlas.2025-01-01+json", "2025-01-01", ""},
		{"application/vnd.atlas.2023-02-01+json", "", "INVALID_VERSION_DATE"},
		{"application/json", "2023-11-15", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept", tt.accept)
		version, rejected := Version(r, "2025-01-01", "2023-11-15")
		code := ""
		if rejected != nil {
			code = rejected.Code
		}
		if diff := cmp.Diff([]string{tt.version, tt.code}, []string{version, code}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.accept, diff)
		}
	}
}

func TestEncode(t *testing.T) {
	for _, tt := range []struct {
		value any
		want  string
	}{
		{Object{Field("b", 1), Field("a", nil)}, `{"b":1,"a":null}`},
		{[]Object{{}, {Field("x", true)}}, `[{},{"x":true}]`},
		{`<&> "\`, `"<&> \"\\"`},
		{"é\n", `"é\n"`},
		{map[string]any{"k": []any{"v", 2}}, `{"k":["v",2]}`},
	} {
		if diff := cmp.Diff(tt.want, string(Encode(tt.value))); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.value, diff)
		}
	}
}

func TestCheckSyntax(t *testing.T) {
	for body, want := range map[string]bool{
		`{"a":1}`: true, ` [1, {"a": {"a": 1}}] `: true, `null`: true,
		``: false, `{`: false, `{"a":1}{`: false, `1 2`: false, `{"a":1,"\u0061":2}`: false, `{"b":[{"a":1,"a":1}]}`: false, "\"\xff\"": false,
	} {
		if err := CheckSyntax([]byte(body)); (err == nil) != want {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestOtherName(t *testing.T) {
	type embedded struct {
		Name string `json:"name"`
		Body any    `json:"body"`
	}
	type body struct {
		embedded
		Body json.RawMessage                `json:"body"`
		List []embedded                     `json:"list"`
		Map  map[string]*struct{ embedded } `json:"map"`
		Time time.Time                      `json:"time"`
		Skip string                         `json:"-"`
	}
	for value, want := range map[string]string{
		`{"name":"a","body":{"NAME":1},"list":[{"name":"b"}],"map":{"NAME":{"name":"c"}},"time":"2026-01-02T03:04:05Z"}`: "",
		`{"Name":"a"}`: "Name", `{"list":[{"name":""},{"NAME":"b"}]}`: "NAME", `{"map":{"x":{"naMe":"c"}}}`: "naMe", `{"map":{"x":null}}`: "", `{}`: "",
	} {
		if name, found := OtherName(reflect.TypeFor[*body](), []byte(value)); name != want || found != (want != "") {
			t.Errorf("%s: %q, %t; want %q", value, name, found, want)
		}
	}
}

func TestHeaderNamesAndValues(t *testing.T) {
	for name, want := range map[string]bool{
		"X-Test": true, "x_1.~!#$%&'*+^`|": true, "": false, "a b": false, "a:": false, "a\n": false, "\x7f": false, "\u00e9": false, "\xff": false,
		"(": false, `"`: false, `\`: false, "{": false, "@": false, "/": false, "=": false,
	} {
		if IsHeaderName(name) != want {
			t.Errorf("IsHeaderName(%q) is %v", name, !want)
		}
	}
	for value, want := range map[string]bool{"": true, "a\tb c": true, "\u00e9\xff": true, "a\nb": false, "a\rb": false, "\x00": false, "\x7f": false} {
		if IsHeaderValue(value) != want {
			t.Errorf("IsHeaderValue(%q) is %v", value, !want)
		}
	}
}
