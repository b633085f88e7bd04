package archtest

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestModuleContainsNoPrivateWords(t *testing.T) {
	for _, fault := range checkWords(moduleFS(t), moduleWords()) {
		t.Error(fault)
	}
}

// Each kind of declaration, the comments of tests and file names are checked; strings, uses and other folders are not.
func TestCheckWordsReportsPlantedWords(t *testing.T) {
	fsys := fstest.MapFS{
		"go.mod":         {Data: []byte("module m\n")},
		"gen/x.go":       {Data: []byte("package gen\n\nvar told int\n")},
		"testdata/x.go":  {Data: []byte("package testdata\n\nvar told int\n")},
		"a/doors.go":     {Data: []byte("package a\n")},
		"a/fine_test.go": {Data: []byte("package a\n\n// Whoever asks.\nvar one = \"told\"\n")},
		"a/a.go": {Data: []byte(`package a

import "example.com/law"

type judgeRule struct{ sightings int }

func (heedJSON judgeRule) Speak(askerID int) (made int) {
hopeless:
	for untold, worldsEnd := range []int{} {
		lent, fine := 1, law.Told
		continue hopeless
	}
	return one
}

// X holds it; mu is held by one.
const house, HTTPRoom = 1, 2
`)},
	}
	rules := wordRules{Generated: []string{"gen"}, Exceptions: []wordException{
		{"a/a.go", "mu is held", "a lock"}, {"a/a.go", "never", "not needed"},
	}}
	var got []string
	for _, fault := range checkWords(fsys, rules) {
		place, rest, _ := strings.Cut(fault, ": ")
		got = append(got, strings.TrimSpace(place+" "+strings.SplitN(rest, ":", 2)[0]))
	}
	want := []string{
		"a/a.go:5 judge", "a/a.go:5 sightings", "a/a.go:7 speak", "a/a.go:7 heed", "a/a.go:7 asker", "a/a.go:7 made",
		"a/a.go:8 hopeless", "a/a.go:9 untold", "a/a.go:9 worlds", "a/a.go:10 lent", "a/a.go:17 house", "a/a.go:17 room",
		"a/doors.go:1 doors", "a/fine_test.go:3 whoever",
		`the exception for a/a.go, "never" is not needed`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFindWords(t *testing.T) {
	for text, want := range map[string]string{
		"Is tells whether it is so.":       "tells",
		"The lock is HELD.":                "held",
		"what this makes of it":            "makes of",
		"It goes by the name.":             "goes by",
		"bookstand, household, outlaws":    "",
		"The validator returns a finding.": "",
	} {
		var got []string
		for _, found := range FindWords(text) {
			got = append(got, strings.SplitN(found, ":", 2)[0])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", text, got, want)
		}
	}
}

func TestCheckWordsReportsCommentsOfOtherNames(t *testing.T) {
	fsys := fstest.MapFS{
		"go.mod": {Data: []byte("module m\n")},
		"a/a.go": {Data: []byte(`package a

// old is the name before a rename.
func renamed() {}

// A Type is fine, and so is its method.
type Type int

// Method: fine.
func (Type) Method() {}

// Returns one.
func Exported() int { return 1 }

// Reports, as a sentence about something private, are fine.
func private() {}

// The group may begin with anything.
const (
	// two is wrong.
	one = 1
	two = 2 // fine
)
`)},
		"a/a_test.go": {Data: []byte("package a\n\n// A sentence is fine.\nfunc TestA() {}\n\n// helper was renamed.\nfunc assist() {}\n")},
	}
	want := []string{
		`a/a.go:3: the comment of renamed begins with "old"`,
		`a/a.go:12: the comment of Exported begins with "Returns"`,
		`a/a.go:20: the comment of one begins with "two"`,
		`a/a_test.go:6: the comment of assist begins with "helper"`,
	}
	if diff := cmp.Diff(want, checkWords(fsys, wordRules{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
