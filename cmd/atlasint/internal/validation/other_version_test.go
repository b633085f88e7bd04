package validation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/gen/schemas"
)

// Payloads that are valid in some API versions only.
const (
	ofV1      = `{"type":"PROMETHEUS","enabled":true,"username":"u","password":"p","serviceDiscovery":"http","scheme":"https"}`
	ofV2      = `{"type":"SLACK","apiToken":"xoxb-1","channelName":"c"}`
	ofBoth    = `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef"}`
	typeOfV1  = `{"type":"FLOWDOCK","flowName":"main","apiToken":"t","orgName":"o"}`
	overrides = "overrides:\n- paths: [old.json]\n  api: v1.0\n"
)

// The note has the first file that is valid in the other version, and the number of the others.
func TestOtherVersion(t *testing.T) {
	large := strings.Replace(ofV1, "{", "{"+strings.Repeat(" ", 1<<20), 1)
	for name, tc := range map[string]struct {
		files   map[string]string
		args    []string // . if there are none
		stdin   string
		api     string // v2 if empty
		isFixed bool
		quiet   bool
		one     bool // --one-project
		want    string
	}{
		"valid":            {files: map[string]string{"a.json": ofV2}},
		"valid in both":    {files: map[string]string{"a.json": ofBoth}},
		"valid in neither": {files: map[string]string{"a.json": wrong}},
		"valid in v1.0": {
			files: map[string]string{"a.json": ofV1, "b.json": ofV2},
			want:  "a.json is valid in v1.0; to send it to v1.0, use --api v1.0, or write overrides with this API version into a new .atlasint.yaml",
		},
		"valid in v2": {
			files: map[string]string{"a.json": ofV2, "b.json": ofV1},
			api:   schemas.V1,
			want:  "a.json is valid in v2; to send it to v2, use --api v2, or write overrides with this API version into a new .atlasint.yaml",
		},
		"the version of a flag": {
			files:   map[string]string{"a.json": ofV1},
			isFixed: true,
			want:    "a.json is valid in v1.0; to send it to v1.0, use --api v1.0",
		},
		"two files": {
			files: map[string]string{"a.json": wrong, "b.json": ofV1, "c.json": ofV1},
			want: "b.json and 1 more are valid in v1.0; to send them to v1.0, use --api v1.0, or write overrides with this " +
				"API version into a new .atlasint.yaml",
		},
		"three files": {
			files: map[string]string{"a.json": ofV1, "b.json": ofV1, "c.json": ofV1},
			want: "a.json and 2 more are valid in v1.0; to send them to v1.0, use --api v1.0, or write overrides with this " +
				"API version into a new .atlasint.yaml",
		},
		"files of both versions": {
			files: map[string]string{".atlasint.yaml": overrides, "new.json": ofV1, "old.json": ofV2},
			want:  "new.json is valid in v1.0; to send it to v1.0, use --api v1.0, or write overrides with this API version into .atlasint.yaml",
		},
		"the version of an override": {
			files: map[string]string{".atlasint.yaml": overrides, "old.json": ofV2},
			want:  "old.json is valid in v2; to send it to v2, use --api v2, or write overrides with this API version into .atlasint.yaml",
		},
		"a finding that names the version": {files: map[string]string{"a.json": typeOfV1}},
		"types that repeat":                {files: map[string]string{"a.json": ofBoth, "b.json": ofBoth}, one: true},
		"a type of v1.0 that repeats": {
			files: map[string]string{"a.json": ofV1, "b.json": ofV1}, one: true,
			want: "a.json is valid in v1.0; to send it to v1.0, use --api v1.0, or write overrides with this API version into a new .atlasint.yaml",
		},
		"a large file":   {files: map[string]string{"a.json": large}},
		"standard input": {args: []string{"-"}, stdin: ofV1},
		"quiet":          {files: map[string]string{"a.json": ofV1}, quiet: true},
		"the hundredth invalid file": {
			files: withLast(99, ofV1),
			want:  "last.json is valid in v1.0; to send it to v1.0, use --api v1.0, or write overrides with this API version into a new .atlasint.yaml",
		},
		"a file after a hundred": {files: withLast(100, ofV1)},
	} {
		t.Run(name, func(t *testing.T) {
			writeFiles(t, tc.files)
			run := &validation.Run{Settings: settings(), Quiet: tc.quiet, Stdin: strings.NewReader(tc.stdin)}
			run.Diagnose = func(string) {}
			run.Settings.MaxSize, run.Settings.OneProject = 1<<22, tc.one
			if tc.api != "" {
				run.Settings.API = tc.api
			}
			if len(tc.args) == 0 {
				tc.args = []string{"."}
			}
			if _, err := run.Select(validation.Input{Args: tc.args, APIIsFixed: tc.isFixed}); err != nil {
				t.Fatal(err)
			}
			if err := run.Validate(); err != nil {
				t.Fatal(err)
			}
			if got := run.OtherVersion(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// withLast returns a number of files that are valid in neither version, and a last one.
func withLast(invalid int, last string) map[string]string {
	files := map[string]string{}
	for i := range invalid {
		files[fmt.Sprintf("a%03d.json", i)] = wrong
	}
	files["last.json"] = last
	return files
}
