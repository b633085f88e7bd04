package archtest

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestExportedNamesAreUsed(t *testing.T) {
	for _, fault := range checkExported(moduleFS(t), moduleRules().Module) {
		t.Error(fault)
	}
}

func TestCheckExportedReportsPlantedNames(t *testing.T) {
	fsys := fstest.MapFS{
		"go.mod": {Data: []byte("module m\n")},
		"a/internal/x/x.go": {Data: []byte(`package x

type Made struct {
	Shown Part
	hidden Unused
}
type Part []Element
type Element struct{}
type Unused struct{}
type Kind int
const (
	First Kind = iota
	Second
)
const Limit = 1
var Default = newValue()
type Value struct{}
func newValue() Value { return Value{} }
func New(o Option) *impl { var _ Local; return nil }
type Option func(Setting)
type Setting struct{}
type impl struct{}
func (*impl) Get() (Result, error) { return Result{}, nil }
type Result struct{}
type Local struct{}
func OfTests() {}
func OfOtherTests() {}
func OfRunner() {}
`)},
		"a/internal/x/x_test.go": {Data: []byte("package x_test\n\nimport \"m/a/internal/x\"\n\nvar _ = x.OfTests\n")},
		"a/internal/x/run.go":    {Data: []byte("//go:build ignore\n\npackage main\n\nimport \"m/a/internal/x\"\n\nfunc main() { x.OfRunner() }\n")},
		"a/a.go": {Data: []byte(`package a

import other "m/a/internal/x"

var _ = other.New
var _ other.Made
var _ other.Kind
var _ = other.Default
`)},
		"a/a_test.go":             {Data: []byte("package a\n\nimport \"m/a/internal/x\"\n\nvar _ = x.OfOtherTests\n")},
		"a/internal/fixture/f.go": {Data: []byte("package fixture\n\nimport \"m/a/internal/x\"\n\nfunc Start() { x.New(nil) }\n\nfunc Unused() {}\n")},
		"b/b_test.go":             {Data: []byte("package b_test\n\nimport \"m/a/internal/fixture\"\n\nvar _ = fixture.Start\n")},
		"b/b.go":                  {Data: []byte("package b\n\nfunc Public() {}\n")},
		"internal/y/y.go":         {Data: []byte("package y\n\nfunc Unimported() {}\n")},
		"internal/y/main/main.go": {Data: []byte("package main\n\nfunc Main() {}\n")},
	}
	const advice = " is exported, and only its own package uses it: unexport it"
	want := []string{
		"a/internal/fixture/f.go:7:6: Unused" + advice,
		"a/internal/x/x.go:9:6: Unused" + advice, "a/internal/x/x.go:15:7: Limit" + advice, "a/internal/x/x.go:25:6: Local" + advice,
		"a/internal/x/x.go:26:6: OfTests" + advice, "a/internal/x/x.go:27:6: OfOtherTests" + advice, "internal/y/y.go:3:6: Unimported" + advice,
	}
	if diff := cmp.Diff(want, checkExported(fsys, "m")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
