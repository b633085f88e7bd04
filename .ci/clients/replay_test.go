package clients

import (
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

	Before     []string
	Anonymous  bool
	Send       string
	SendHeader map[string]string `yaml:"sendHeader"`

	Status          int
	Code            string // errorCode, in the body and in X-Error-Code
	Body            string // the whole body, as plain returns it
	Contains, Lacks []string
	Header          map[string]string
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

func (c check) run(t *testing.T) {
	f := start(t, c.options()...)
	f.must(c.Before...)
	var header []string
	for name, value := range c.SendHeader {
		header = append(header, name, value)
	}
	send := f.send
	if c.Anonymous {
		send = f.anonymous
	}
	c.compare(t, send(c.Send, header...), f.URL)
}

func (c check) compare(t *testing.T, got response, base string) {
	t.Helper()
	body := plain(got.body, base)
	same(t, "status", c.Status, got.status)
	if c.Code != "" {
		same(t, "X-Error-Code", c.Code, got.header.Get("X-Error-Code"))
		c.Contains = append(c.Contains, `"errorCode":"`+c.Code+`"`)
	}
	if c.Body != "" {
		same(t, "body", c.Body, body)
	}
	for _, part := range c.Contains {
		same(t, "has "+part, true, strings.Contains(body, part))
	}
	for _, part := range c.Lacks {
		same(t, "has "+part, false, strings.Contains(body, part))
	}
	for name, value := range c.Header {
		same(t, name, value, strings.Join(got.header.Values(name), ", "))
	}
	if t.Failed() {
		t.Log("the body is ", body)
	}
}

func TestReplay(t *testing.T) {
	for _, c := range table[struct {
		Shared []string
		Checks []check
	}](t, "replay.yaml").Checks {
		t.Run(c.Name, c.run)
	}
}
