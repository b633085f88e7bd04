package clients

import (
	"cmp"
	"encoding/base64"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// check is an entry of testdata/replay.yaml, which explains the fields.
type check struct {
	Name          string
	StrictMasks   bool `yaml:"strictMasks"`
	LenientAccept bool `yaml:"lenientAccept"`
	RateLimit     int  `yaml:"rateLimit"`
	Project       string

	Before []string
	step   `yaml:",inline"`
	Then   []step
}

func (c check) options() (opts []fakeatlas.Option) {
	opts = append(opts, fakeatlas.WithChoices(fakeatlas.Choices{StrictMasks: c.StrictMasks, LenientAccept: c.LenientAccept}))
	if c.RateLimit > 0 {
		opts = append(opts, fakeatlas.WithRateLimit(c.RateLimit))
	}
	if c.Project != "" {
		opts = append(opts, fakeatlas.WithProjects(c.Project))
	}
	return opts
}

// step is a request and its answer. In all of its texts, {base} is the URL of the server, {group} the project, {account}
// the basic credentials of the service account and {wrongAccount} those with a wrong secret. {time} is any time. Another
// name in braces is the value that the server chose where the name occurs first: a nonce, a token or an ID.
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
	fake
	via       func(line string, header ...string) response
	values    map[string]string // of the names in braces
	userAgent string
}

func newReplay(f fake) *replay {
	basic := func(secret string) string {
		return base64.StdEncoding.EncodeToString([]byte(account.ClientID + ":" + secret))
	}
	return &replay{fake: f, via: f.send, values: map[string]string{
		"base": f.URL, "group": project, "account": basic(account.ClientSecret), "wrongAccount": basic("wrong"),
	}}
}

func (r *replay) steps(steps ...step) {
	r.t.Helper()
	for n, s := range steps {
		r.userAgent = cmp.Or(s.UserAgent, r.userAgent)
		var header []string
		if r.userAgent != "" {
			header = []string{"User-Agent", r.userAgent}
		}
		for name, value := range s.SendHeader {
			header = append(header, name, r.filled(value))
		}
		send := r.via
		if s.Anonymous {
			send = r.anonymous
		}
		got := send(r.filled(s.Send), header...)
		if r.compare(s, got); r.t.Failed() {
			r.t.Fatalf("step %d: %s: %d %s", n+1, s.Send, got.status, got.body)
		}
	}
}

func (r *replay) compare(s step, got response) {
	r.t.Helper()
	same(r.t, "status", s.Status, got.status)
	if s.Code != "" {
		same(r.t, "X-Error-Code", s.Code, got.header.Get("X-Error-Code"))
		s.Contains = append(s.Contains, `"errorCode":"`+s.Code+`"`)
	}
	if s.Body != nil {
		r.match("body", "^", *s.Body, "$", got.body)
		if *s.Body != "" {
			r.match("Content-Type", "", "json", "", got.header.Get("Content-Type"))
		}
	}
	for _, part := range s.Contains {
		r.match("body", "", part, "", got.body)
	}
	for _, part := range s.Lacks {
		same(r.t, "has "+part, false, strings.Contains(got.body, part))
	}
	for name, value := range s.Header {
		r.match(name, "^", value, "$", strings.Join(got.header.Values(name), ", "))
	}
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
func (r *replay) match(what, begin, want, end, got string) {
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
		same(r.t, what, want, got)
		return
	}
	for i, value := range found[1:] {
		for name, known := range r.values {
			if (name == names[i]) != (value == known) {
				r.t.Errorf("{%s} is %s, and {%s} is %s", names[i], value, name, known)
			}
		}
		if names[i] != "time" {
			r.values[names[i]] = value
		}
	}
}

func TestReplay(t *testing.T) {
	for _, c := range table[struct {
		Shared []any
		Checks []check
	}](t, "replay.yaml").Checks {
		t.Run(c.Name, func(t *testing.T) {
			f := start(t, c.options()...)
			f.must(c.Before...)
			newReplay(f).steps(append([]step{c.step}, c.Then...)...)
		})
	}
}

// Each file is the run of one client that docs/clients.md describes: its requests, and the answers with which it succeeded.
// The answers in recorded-*.yaml are those of Atlas.
func TestRuns(t *testing.T) {
	files, err := filepath.Glob("testdata/runs/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("runs: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			newReplay(start(t)).steps(table[[]step](t, filepath.Join("runs", filepath.Base(file)))...)
		})
	}
}
