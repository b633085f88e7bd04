package fakeatlas

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/gen/schemas"
)

// replayCase is an entry of testdata/behavior.yaml, which explains the fields.
type replayCase struct {
	Name          string
	StrictMasks   bool `yaml:"strictMasks"`
	LenientAccept bool `yaml:"lenientAccept"`
	RateLimit     int  `yaml:"rateLimit"`
	Project       string

	Before []string
	step   `yaml:",inline"`
	Then   []step
}

func (c replayCase) options() (opts []Option) {
	opts = append(opts, WithChoices(Choices{StrictMasks: c.StrictMasks, LenientAccept: c.LenientAccept}))
	if c.RateLimit > 0 {
		opts = append(opts, WithRateLimit(c.RateLimit))
	}
	if c.Project != "" {
		opts = append(opts, WithProjects(c.Project))
	}
	return opts
}

// step is a request in the form "METHOD PATH BODY", and its response. In all of its texts, {base} is the URL of the
// server, {group} the project, {account} the basic credentials of the service account and {wrongAccount} those with a
// wrong secret. {time} is any time. Another name in braces is the value that the server chose where the name occurs
// first: a nonce, a token or an ID.
type step struct {
	UserAgent  string `yaml:"userAgent"` // of this step and the next ones
	Anonymous  bool
	Send       string
	SendHeader map[string]string `yaml:"sendHeader"`

	Status          int
	Code            string  // errorCode, in the body and in X-Error-Code
	Body            *string // the whole body, in JSON
	Contains, Lacks []string
	Header          map[string]string
}

// replay sends steps in their order.
type replay struct {
	*apiClient
	values    map[string]string // of the names in braces
	userAgent string
}

func newReplay(t *testing.T, opts ...Option) *replay {
	account := func(secret string) string {
		return strings.TrimPrefix(basic(DefaultServiceAccount.ClientID, secret), "Basic ")
	}
	return &replay{apiClient: newAPIClient(t, schemas.V2, opts...), values: map[string]string{
		"base": "http://atlas.example", "group": testProject,
		"account": account(DefaultServiceAccount.ClientSecret), "wrongAccount": account("wrong"),
	}}
}

func (r *replay) steps(steps ...step) {
	r.t.Helper()
	for n, s := range steps {
		r.userAgent = cmp.Or(s.UserAgent, r.userAgent)
		header := []string{"User-Agent: " + r.userAgent}
		if s.Anonymous {
			header = append(header, "Authorization:")
		}
		for name, value := range s.SendHeader {
			header = append(header, name+": "+r.filled(value))
		}
		if got := r.request(s.Send, header...); !r.compare(s, got) {
			r.t.Fatalf("step %d: %s: %d %s", n+1, s.Send, got.status, got.body)
		}
	}
}

// request sends a request. A path that begins with an API version is below the integrations of the project.
func (r *replay) request(line string, header ...string) reply {
	r.t.Helper()
	method, rest, _ := strings.Cut(r.filled(line), " ")
	path, body, _ := strings.Cut(rest, " ")
	client := r.apiClient
	if below, ok := strings.CutPrefix(path, schemas.V1); ok {
		client, path = client.withVersion(schemas.V1), below
	}
	return client.do(method, strings.TrimPrefix(path, schemas.V2), body, header...)
}

// compare reports whether a response is the expected one.
func (r *replay) compare(s step, got reply) bool {
	r.t.Helper()
	ok := s.Status == got.status
	if s.Code != "" {
		s.Contains = append(s.Contains, `"errorCode":"`+s.Code+`"`)
		ok = ok && got.header.Get("X-Error-Code") == s.Code
	}
	if s.Body != nil {
		ok = r.match("^", *s.Body, "$", got.body) && ok
		ok = ok && (*s.Body == "" || strings.Contains(got.header.Get("Content-Type"), "json"))
	}
	for _, part := range s.Contains {
		ok = r.match("", part, "", got.body) && ok
	}
	for _, part := range s.Lacks {
		ok = ok && !strings.Contains(got.body, part)
	}
	for name, value := range s.Header {
		values := append(got.header[name], got.header.Values(name)...) // Atlas spells some names in its own way
		ok = r.match("^", value, "$", strings.Join(slices.Compact(values), ", ")) && ok
	}
	return ok
}

var (
	braces = regexp.MustCompile(`\{(\w+)\}`)
	quoted = regexp.MustCompile(`\\\{\w+\\\}`) // braces, after QuoteMeta
	kinds  = map[string]string{"time": `[0-9TZ:-]{20}`, "nonce": `[A-Za-z0-9+/=]{32}`, "token": `[\w-]+\.[\w-]+\.[\w-]+`}
)

func (r *replay) filled(text string) string {
	return braces.ReplaceAllStringFunc(text, func(s string) string { return cmp.Or(r.values[strings.Trim(s, "{}")], s) })
}

// match compares a text with the expected one and learns the values of names that are new. Two names have two values.
func (r *replay) match(begin, want, end, got string) bool {
	r.t.Helper()
	want = r.filled(want)
	var names []string
	pattern := quoted.ReplaceAllStringFunc(regexp.QuoteMeta(want), func(s string) string {
		name := strings.Trim(s, `\{}`)
		names = append(names, name)
		return "(" + cmp.Or(kinds[name], "[0-9a-f]{24}") + ")"
	})
	found := regexp.MustCompile(begin + pattern + end).FindStringSubmatch(got)
	if found == nil {
		r.t.Errorf("got %s\nwant %s", got, want)
		return false
	}
	for i, value := range found[1:] {
		for name, known := range r.values {
			if (name == names[i]) != (value == known) {
				r.t.Errorf("{%s} is %s, and {%s} is %s", names[i], value, name, known)
				return false
			}
		}
		if names[i] != "time" {
			r.values[names[i]] = value
		}
	}
	return true
}

func readTable(t *testing.T, path string, into any) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoder := yaml.NewDecoder(file)
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func TestKnownBehavior(t *testing.T) {
	var table struct {
		Shared []any
		Checks []replayCase
	}
	readTable(t, "testdata/behavior.yaml", &table)
	for _, c := range table.Checks {
		t.Run(c.Name, func(t *testing.T) {
			r := newReplay(t, c.options()...)
			for _, line := range c.Before {
				if got := r.request(line); got.status/100 != 2 {
					t.Fatalf("%s: %d %s", line, got.status, got.body)
				}
			}
			r.steps(append([]step{c.step}, c.Then...)...)
		})
	}
}

// Each file is the run of one client that docs/clients.md describes: its requests, and the responses with which it
// succeeded. The responses in recorded-*.yaml are those of Atlas.
func TestRecordedRuns(t *testing.T) {
	files, err := filepath.Glob("testdata/runs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("runs: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			var steps []step
			readTable(t, file, &steps)
			newReplay(t).steps(steps...)
		})
	}
}
