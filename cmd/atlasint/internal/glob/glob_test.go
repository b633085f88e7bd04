package glob

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCompile(t *testing.T) {
	for _, tc := range []struct {
		pattern string
		want    []string
		err     error
	}{
		{"a/*.json", []string{"a/*.json"}, nil},
		{"", []string{""}, nil},
		{"{a,b}", []string{"a", "b"}, nil},
		{"{a,b}{c,d}", []string{"ac", "ad", "bc", "bd"}, nil},
		{"x{a,b{c,}}y", []string{"xay", "xbcy", "xby"}, nil},
		{"{a,a}", []string{"a"}, nil},
		{"{a}", []string{"a"}, nil},
		{"{}", []string{""}, nil},
		{"{{{a,b}}}", []string{"a", "b"}, nil},
		{`\{a,b\}`, []string{`\{a,b\}`}, nil},
		{`{a\,b,c}`, []string{`a\,b`, "c"}, nil},
		{"{[,}],x}", []string{"[,}]", "x"}, nil},
		{"[{,]", []string{"[{,]"}, nil},
		{`[\]{]{a,b}`, []string{`[\]{]a`, `[\]{]b`}, nil},
		{"{a/,}**/**/**/x", []string{"**/x", "a/**/x"}, nil},
		{"{a", nil, errMalformed},
		{"a}", nil, errMalformed},
		{"[a", nil, errMalformed},
		{strings.Repeat("{a,b}", 10), nil, nil},
		{strings.Repeat("{a,b}", 28), nil, ErrTooComplex},
		{strings.Repeat("{", 60_000) + strings.Repeat("}", 60_000), nil, ErrTooComplex},
		{strings.Repeat("x", 200_000), nil, ErrTooComplex},
	} {
		p, err := Compile(tc.pattern, NewBudget())
		if !errors.Is(err, tc.err) || (err == nil) != (tc.err == nil) {
			t.Errorf("%.40s: %v, want %v", tc.pattern, err, tc.err)
		}
		if tc.want == nil || err != nil {
			continue
		}
		if diff := cmp.Diff(tc.want, p.alternatives); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tc.pattern, diff)
		}
	}
}

// Patterns that share a budget are limited together.
func TestSharedBudget(t *testing.T) {
	budget := NewBudget()
	for i := range 10_000 {
		if _, err := Compile("**/a-folder/{a,b}.json", budget); err != nil {
			if i < 1000 {
				t.Errorf("only %d patterns fit", i)
			}
			return
		}
	}
	t.Error("10,000 patterns fit")
}

// A pattern matches what its alternatives match. doublestar's own handling of braces can't be the oracle: it finds
// "a*b" and "a*" for "a", and not "a*{,b}".
func TestMatchesAlternatives(t *testing.T) {
	part := rapid.SampledFrom([]string{"a", "b", "/", "*", "?", "[ab]", "{a,b}", "{a,b/{a,*}}", "{,b}", "{{a},b}", "/**/", `\{`})
	names := shortPaths()
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(rapid.SliceOfN(part, 0, 8).Draw(t, "pattern"), "")
		p, err := Compile(pattern, NewBudget())
		_, wantErr := doublestar.Match(pattern, "")
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, doublestar %v", pattern, err, wantErr)
		}
		if err != nil {
			return
		}
		alternatives := innermostFirst(pattern)
		for _, name := range names {
			want := slices.ContainsFunc(alternatives, func(a string) bool { return doublestar.MatchUnvalidated(simplify(a), name) })
			if got := p.Match(name); got != want {
				t.Fatalf("%q matches %q: %v, its alternatives %v", pattern, name, got, want)
			}
		}
	})
}

// shortPaths returns all paths of one or two segments of one or two of the characters a, b and {.
func shortPaths() []string {
	var segments []string
	for _, first := range []string{"", "a", "b", "{"} {
		for _, second := range []string{"a", "b", "{"} {
			segments = append(segments, first+second)
		}
	}
	paths := slices.Clone(segments)
	for _, folder := range segments {
		for _, name := range segments {
			paths = append(paths, folder+"/"+name)
		}
	}
	return paths
}

var innermost = regexp.MustCompile(`(^|[^\\])\{([^{}]*)\}`)

// innermostFirst returns the alternatives of a pattern, replacing the innermost braces first.
func innermostFirst(pattern string) []string {
	at := innermost.FindStringSubmatchIndex(pattern)
	if at == nil {
		return []string{pattern}
	}
	var all []string
	for _, a := range strings.Split(pattern[at[4]:at[5]], ",") {
		all = append(all, innermostFirst(pattern[:at[3]]+a+pattern[at[1]:])...)
	}
	return all
}

func tree(t *testing.T, files ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, file := range files {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilesOfPatterns(t *testing.T) {
	tree(t, "a.json", "b.txt", "p/a.json", "p/q/a.json", "p/q/r/b.json", ".h/a.json", "skipped/a.json", "[x]/a.json", "f.json/c.json")
	for pattern, want := range map[string][]string{
		"*.json":           {"a.json"},
		"./*.json":         {"a.json"},
		"p/*/*.json":       {"p/q/a.json"},
		"**/a.json":        {".h/a.json", "[x]/a.json", "a.json", "p/a.json", "p/q/a.json"},
		"p/**/*.json":      {"p/a.json", "p/q/a.json", "p/q/r/b.json"},
		"p/**":             {"p/a.json", "p/q/a.json", "p/q/r/b.json"},
		"{p,f.json}/*":     {"f.json/c.json", "p/a.json"},
		"{a,p/a,x}.json":   {"a.json", "p/a.json"},
		`\[x\]/*`:          {"[x]/a.json"},
		"skipped/*":        {"skipped/a.json"},
		"*/../a.json":      {"a.json"},
		"none/*.json":      nil,
		"p/q/r/*/**/*":     nil,
		"**/q/**/{r,s}/b*": {"p/q/r/b.json"},
	} {
		if runtime.GOOS == "windows" && strings.Contains(pattern, `\`) {
			continue // a backslash separates folders
		}
		got, err := Files(pattern, func(folder string) bool { return folder == "skipped" })
		for i := range got {
			got[i] = filepath.ToSlash(got[i])
		}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got)\n%s", pattern, err, diff)
		}
	}
	if _, err := Files("{a", nil); !errors.Is(err, errMalformed) {
		t.Errorf("a malformed pattern: %v", err)
	}
}

// Links between folders are not followed: two of them make more paths than a search ends in.
func TestLinkedFoldersAreNotFollowed(t *testing.T) {
	tree(t, "p/a.json")
	for _, name := range []string{"x", "y", "z"} {
		if err := os.Symlink(".", filepath.Join("p", name)); err != nil {
			t.Skip(err)
		}
	}
	got, err := Files("p/**/*.json", func(string) bool { return false })
	if diff := cmp.Diff([]string{filepath.Join("p", "a.json")}, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if got, err = Files("p/x/*.json", nil); len(got) != 1 || err != nil {
		t.Errorf("a link that is named: %q, %v", got, err)
	}
}

// FuzzSteps counts the steps of the work that a pattern causes: its written alternatives never exceed the budget, and a
// search opens no folder twice, however the pattern walks through a deep tree.
func FuzzSteps(f *testing.F) {
	for _, pattern := range []string{
		"", strings.Repeat("{a,b}", 16), strings.Repeat("{a,b}", 28), strings.Repeat("**/", 40) + "*",
		strings.Repeat("**/*/", 20) + "x", strings.Repeat("{**/,}", 9) + "a",
		strings.Repeat("{", 99) + strings.Repeat(",}", 99), strings.Repeat("*a", 99) + "/**/" + strings.Repeat("?", 99), "{a,b}/{**,*}/{a/,}**",
	} {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		budget := NewBudget()
		all := budget.left
		p, err := Compile(pattern, budget)
		if spent := all - budget.left; spent > all+len(pattern)+1 {
			t.Fatalf("%d bytes were written", spent)
		}
		if err != nil {
			return
		}
		written := 0
		for _, a := range p.alternatives {
			written += len(a)
		}
		if written > all {
			t.Fatalf("%d bytes are matched against each path", written)
		}
		opened := map[string]int{}
		s := search{pattern: p, skip: func(string) bool { return false }, readDir: func(folder string) ([]fs.DirEntry, error) {
			if opened[folder]++; opened[folder] > 1 {
				t.Fatalf("%s is opened twice", folder)
			}
			return deep(folder), nil
		}}
		s.walk("", "")
		names := slices.Clone(s.files)
		slices.Sort(names)
		if len(slices.Compact(names)) != len(s.files) {
			t.Fatalf("a file is found twice: %q", s.files)
		}
	})
}

// deep lists a tree of seven levels with two folders and a file in each.
func deep(folder string) []fs.DirEntry {
	list := []fs.DirEntry{entry{"x", false}}
	if strings.Count(folder, string(filepath.Separator)) < 6 {
		list = append(list, entry{"a", true}, entry{"b", true})
	}
	return list
}

type entry struct {
	name   string
	folder bool
}

func (e entry) Name() string               { return e.name }
func (e entry) IsDir() bool                { return e.folder }
func (e entry) Info() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
func (e entry) Type() fs.FileMode {
	if e.folder {
		return fs.ModeDir
	}
	return 0
}
