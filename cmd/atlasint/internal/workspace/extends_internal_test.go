package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/validate"
)

// writeTree writes files below a new folder, which becomes the working directory. A path that ends with a slash is an
// empty folder, and a text that begins with -> is a symbolic link.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		err := os.MkdirAll(filepath.Dir(path), 0o700)
		to, isLink := strings.CutPrefix(text, "->")
		switch {
		case err != nil:
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(path, 0o700)
		case isLink:
			err = os.Symlink(to, path)
		default:
			err = os.WriteFile(path, []byte(text), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

// The settings of the nearer file take precedence, maps and lists are merged, and patterns and paths stay relative to
// the file that has them.
func TestNearerSettingsTakePrecedence(t *testing.T) {
	writeTree(t, map[string]string{
		"r/.git/": "",
		"r/.atlasint.yaml": `api: v1.0
rules: {url: error, enum: off}
exclude: ["a/drafts/**"]
overrides:
  - {paths: ["a/x/**"], api: v2, rules: {url: off, length: off}, schemas: [{types: ["*"], file: p/x.json}]}
schemas: [{types: [DATADOG], file: p/all.json}, {types: [SLACK], file: a/own.json}]
groupId: 0123456789abcdef01234567
baseURL: https://cloud.mongodb.com
yaml: true
`,
		"r/a/b/none.yaml": "extends: none",
		"r/a/.atlasint.yaml": `extends: ../.atlasint.yaml
rules: {url: warning}
exclude: ["skip/**"]
overrides: [{paths: ["y/**"], rules: {url: error}}]
schemas: [{types: [WEBHOOK], file: own.json}]
groupId: aaaaaaaaaaaaaaaaaaaaaaaa
`,
		"r/a/b/.atlasint.yaml": "extends: ../.atlasint.yaml\nyaml: false\napi: v2\n",
	})
	t.Chdir("r/a/b")
	for _, flag := range []string{"", ConfigName} {
		c, err := FindConfig(flag)
		if err != nil {
			t.Fatal(err)
		}
		type facts struct {
			GroupID, BaseURL, BaseURLFile, API string
			YAML                               bool
			Rules                              map[string]validate.Severity
			Excluded                           []bool
			Of                                 map[string]string
		}
		got := facts{
			c.GroupID, c.BaseURL, relativeTo(t, "../..", c.BaseURLFile()), c.APIVersion(Stdin, "none"), c.ReadsYAML(),
			c.RulesWith(nil), nil, map[string]string{},
		}
		for _, file := range []string{"../drafts/1.json", "../skip/1.json", "drafts/1.json", "skip/1.json", "a/drafts/1.json"} {
			got.Excluded = append(got.Excluded, c.Excludes(file))
		}
		for _, file := range []string{"1.json", "../x/1.json", "../y/1.json", "x/1.json"} {
			var schemas []string
			for _, e := range c.SchemasOf(file) {
				schemas = append(schemas, e.File)
			}
			rules := c.RulesWith(c.RuleOverrides(file))
			got.Of[file] = fmt.Sprint(c.APIVersion(file, "none"), " url:", rules["url"], " length:", rules["length"], " ", schemas)
		}
		want := facts{
			"aaaaaaaaaaaaaaaaaaaaaaaa", "https://cloud.mongodb.com", ".atlasint.yaml", "v2", false,
			map[string]validate.Severity{"url": "warning", "enum": "off"},
			[]bool{true, true, false, false, false},
			map[string]string{
				"1.json":      "v2 url:warning length: [../../p/all.json ../own.json ../own.json]",
				"../x/1.json": "v2 url:warning length:off [../../p/all.json ../own.json ../own.json ../../p/x.json]",
				"../y/1.json": "v2 url:error length: [../../p/all.json ../own.json ../own.json]",
				"x/1.json":    "v2 url:warning length: [../../p/all.json ../own.json ../own.json]",
			},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("--config %q: (-want +got)\n%s", flag, diff)
		}
		var extended []string
		for _, file := range c.Extended {
			extended = append(extended, relativeTo(t, "../..", file))
		}
		if diff := cmp.Diff([]string{"a/.atlasint.yaml", ".atlasint.yaml"}, extended); diff != "" {
			t.Errorf("--config %q: extended files (-want +got):\n%s", flag, diff)
		}
	}
}

func relativeTo(t *testing.T, dir, file string) string {
	t.Helper()
	root, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}

func manySchemas(n int) string {
	return "schemas: [" + strings.Repeat(`{types: ["*"], file: a.json},`, n) + "]\n"
}

// An error of extends names the file, the place, the cause and the next step, and shows nothing of a file outside the
// repository.
func TestExtendsErrors(t *testing.T) {
	const outside = " is outside the repository; name a file in it: its root is the nearest folder with .git, or else the topmost with .atlasint.yaml"
	costly := strings.Repeat("{a,b}", 10) + strings.Repeat("x", 20) // 70 KiB once the braces are expanded
	many := func(n int) string {
		return "overrides: [&o {paths: [a], api: v2}" + strings.Repeat(", *o", n-1) + "]\n"
	}
	links := func(from, to string) map[string]string { return map[string]string{from: "->" + to} }
	for _, tc := range []struct {
		name, text string
		more       map[string]string
		want       string
	}{
		{
			name: "empty",
			text: `extends: ""`,
			want: ".atlasint.yaml:1:10: extends: no file; name a configuration of the repository, such as ../.atlasint.yaml, or write none",
		},
		{name: "a list", text: "extends: [../.atlasint.yaml]", want: ".atlasint.yaml:1:10: extends: want a text, got a list"},
		{name: "a boolean", text: "extends: false", want: ".atlasint.yaml:1:10: extends: want a text, got a boolean; write it in quotes"},
		{
			name: "a URL",
			text: "api: v2\nextends: https://x.example/y",
			want: ".atlasint.yaml:2:10: extends: a URL or a drive; name a configuration of the repository, such as ../.atlasint.yaml",
		},
		{
			name: "absolute",
			text: "extends: /etc/passwd",
			want: ".atlasint.yaml:1:10: extends: an absolute path; write it relative to this file, such as ../.atlasint.yaml",
		},
		{name: "backslash", text: `extends: ..\.atlasint.yaml`, want: ".atlasint.yaml:1:10: extends: a path with a backslash; write / between folders"},
		{
			name: "missing",
			text: "extends: ../none.yaml",
			want: ".atlasint.yaml:1:10: extends: ../none.yaml does not exist; the path starts in the folder of this file",
		},
		{name: "a folder", text: "extends: ..", want: ".atlasint.yaml:1:10: extends: can't read ..: is a directory; name a file in it"},
		{name: "NUL", text: `extends: "../x\0y"`, want: `.atlasint.yaml:1:10: extends: can't read "../x\x00y": invalid argument`},
		{
			name: "outside",
			text: "extends: ../../secret.yaml",
			more: map[string]string{"secret.yaml": "password: x"},
			want: ".atlasint.yaml:1:10: extends: ../../secret.yaml" + outside,
		},
		{name: "outside and back", text: "extends: ../../r/.atlasint.yaml"},
		{
			name: "far outside",
			text: "extends: ../../../../../../../../../../../../etc/passwd",
			want: ".atlasint.yaml:1:10: extends: ../../../../../../../../../../../../etc/passwd" + outside,
		},
		{
			name: "a link out",
			text: "extends: link.yaml",
			more: map[string]string{"secret.yaml": "password: x", "r/a/link.yaml": "->../../secret.yaml"},
			want: ".atlasint.yaml:1:10: extends: link.yaml is a symbolic link out of the repository; copy the file, or name another",
		},
		{
			name: "a link of a folder out",
			text: "extends: link/secret.yaml",
			more: map[string]string{"o/secret.yaml": "password: x", "r/a/link": "->../../o"},
			want: ".atlasint.yaml:1:10: extends: link/secret.yaml is a symbolic link out of the repository; copy the file, or name another",
		},
		{name: "a link inside", text: "extends: link.yaml", more: map[string]string{"r/base.yaml": "api: v1.0", "r/a/link.yaml": "->../base.yaml"}},
		{
			name: "a link without target",
			text: "extends: link.yaml",
			more: links("r/a/link.yaml", "nowhere"),
			want: ".atlasint.yaml:1:10: extends: link.yaml does not exist; the path starts in the folder of this file",
		},
		{
			name: "a link to itself",
			text: "extends: link.yaml",
			more: links("r/a/link.yaml", "link.yaml"),
			want: ".atlasint.yaml:1:10: extends: can't read link.yaml: symbolic links form a loop; remove one of them",
		},
		{
			name: "itself",
			text: "extends: .atlasint.yaml",
			want: ".atlasint.yaml:1:10: extends: .atlasint.yaml is extended in a loop; remove extends from one of the files",
		},
		{
			name: "itself in another spelling",
			text: "extends: ../a/./.atlasint.yaml",
			want: ".atlasint.yaml:1:10: extends: ../a/./.atlasint.yaml is extended in a loop; remove extends from one of the files",
		},
		{
			name: "a loop",
			text: "extends: b.yaml",
			more: map[string]string{"r/a/b.yaml": "api: v2\nextends: ../c.yaml", "r/c.yaml": "extends: a/b.yaml"},
			want: "../c.yaml:1:10: extends: a/b.yaml is extended in a loop; remove extends from one of the files",
		},
		{
			name: "a loop of links",
			text: "extends: l/x.yaml",
			more: map[string]string{"r/a/l": "->.", "r/a/x.yaml": "extends: l/x.yaml"},
			want: strings.Repeat("l/", 9) + "x.yaml:1:10: extends: a chain of more than 10 files; extend fewer",
		},
		{
			name: "an error in the other file",
			text: "extends: ../b.yaml",
			more: map[string]string{"r/b.yaml": "\napis: v2"},
			want: `../b.yaml:2:1: unknown key; did you mean api?`,
		},
		{
			name: "many schemas",
			text: "extends: ../b.yaml\n" + manySchemas(60),
			more: map[string]string{"r/b.yaml": manySchemas(60)},
			want: ".atlasint.yaml:1:10: extends: more than 100 schemas, with those of ../b.yaml; name fewer",
		},
		{
			name: "many overrides",
			text: "extends: ../b.yaml\n" + many(600),
			more: map[string]string{"r/b.yaml": many(600)},
			want: ".atlasint.yaml:1:10: extends: more than 1000 overrides, with those of ../b.yaml; write fewer, with more paths each",
		},
		{
			name: "a long path",
			text: "extends: " + strings.Repeat("x", 10_000),
			want: ".atlasint.yaml:1:10: extends: can't read " + strings.Repeat("x", 100) + "…: file name too long",
		},
		{
			name: "a large file",
			text: "extends: ../b.yaml",
			more: map[string]string{"r/b.yaml": strings.Repeat("#\n", 40<<10)},
			want: ".atlasint.yaml:1:10: extends: can't read ../b.yaml: it is larger than 64 KiB; " +
				"write fewer settings, or move some into a file that it extends",
		},
		{
			name: "many patterns",
			text: "extends: ../b.yaml\nexclude: [\"" + costly + "\"]",
			more: map[string]string{"r/b.yaml": "exclude: [\"" + costly + "\"]"},
			want: "../b.yaml:1:10: exclude: the pattern " + costly + " is too complex: too long with the alternatives of its braces expanded; use fewer braces",
		},
		{name: "none", text: "extends: none"},
		{name: "no value", text: "extends:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if runtime.GOOS == "windows" {
				t.Skip("links and errors of Unix")
			}
			files := map[string]string{"r/.git/": "", "r/.atlasint.yaml": "api: v2", "r/a/.atlasint.yaml": tc.text}
			for name, text := range tc.more {
				files[name] = text
			}
			writeTree(t, files)
			t.Chdir("r/a")
			_, err := FindConfig("")
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

// An error of a file that is not a configuration has its place and the expected form, and no text of the file: whether
// a configuration extends it, or is a link to it.
func TestErrorsShowNoOtherFiles(t *testing.T) {
	const keys = "the keys are api, baseURL, exclude, extends, groupId, overrides, rules, schemas, yaml"
	const noMapping = "want a mapping, got a text; the configuration has the keys "
	const noYAML = "not valid YAML or JSON; check quotes, indentation and brackets"
	for name, tc := range map[string]struct{ text, want string }{
		"environment":          {"# of CI\nKEY=c4n4ry\nPASS=c4n4ry2\n", "2:1: " + noMapping},
		"private key":          {"-----BEGIN RSA PRIVATE KEY-----\nc4n4ry+/c4n4ry\n-----END RSA PRIVATE KEY-----\n", "1:1: " + noMapping},
		"encrypted key":        {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,c4n4ry\nDEK-Info: c4n4ry\n\nc4n4ry=\n", "2:1: " + noYAML},
		"properties":           {"user: c4n4ry\nc4n4ry: x\n", "1:1: unknown key; " + keys},
		"name and password":    {"c4n4ry: c4n4ry2\n", "1:1: unknown key; " + keys},
		"repeated key":         {"api: v2\nc4n4ry: 1\nc4n4ry: 2\n", "3:1: the key occurs twice; keep one of them"},
		"key like a known one": {"apiKey: c4n4ry\n", "1:1: unknown key; "},
		"mixed with known":     {"api: c4n4ry\npassword: c4n4ry\n", "2:1: unknown key; " + keys},
		"repeated key below":   {"users:\n- {c4n4ry: 1, c4n4ry: 2}\n", "2:15: the key occurs twice; keep one of them"},
		"JSON":                 {`{"token": "c4n4ry"}`, "1:2: unknown key; " + keys},
		"JSON that is cut":     {`{"token": "c4n4ry`, "1:1: " + noYAML},
		"list":                 {"- c4n4ry\n", "1:1: want a mapping, got a list; the configuration has the keys "},
		"alias":                {"api: *c4n4ry\n", "1:1: " + noYAML},
		"tag":                  {"!c4n4ry {api: v2}\n", "1:1: tags are not supported; remove the tag"},
		"table":                {"[c4n4ry]\nkey = \"c4n4ry\"\n", "2:1: " + noYAML},
		"password file":        {"root:c4n4ry:0:0::/root:/bin/sh\nc4n4ry:x:1:1\n", "1:1: " + noMapping},
		"second document":      {"api: v2\n---\nc4n4ry: 1\n", "2:1: a second YAML document; a configuration is one document"},
		"syntax of the other":  {"api: v2\n---\nc4n4ry: {\n", "3:1: " + noYAML},
		"many keys":            {"a: {" + strings.Repeat("c4n4ry: x, ", 1001) + "}", "1:4: a mapping with more than 1000 keys"},
		"binary":               {"c4n4ry\x00", "1:7: NUL byte; remove the NUL byte"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := writeTree(t, map[string]string{"r/.git/": "", "r/.atlasint.yaml": "extends: other", "r/other": tc.text, "r/a/.atlasint.yaml": "->../other"})
			for folder, file := range map[string]string{"r": "other:", "r/a": ".atlasint.yaml:"} {
				t.Chdir(filepath.Join(dir, filepath.FromSlash(folder)))
				_, err := FindConfig("")
				if err == nil || !strings.HasPrefix(err.Error(), file+tc.want) || strings.Contains(err.Error(), "c4n4ry") {
					t.Errorf("%s:\n got %v\nwant %s", folder, err, file+tc.want)
				}
			}
		})
	}
}

// The root of the repository is the nearest folder with .git, which can also be a file, else the topmost folder with a
// configuration.
func TestRepositoryRoot(t *testing.T) {
	dir := writeTree(t, map[string]string{
		"git/.git/": "", "git/.atlasint.yaml": "", "git/a/b/": "", "git/sub/.git": "gitdir: ../.git/modules/sub", "git/sub/a/.atlasint.yaml": "",
		"plain/.atlasint.yaml": "", "plain/a/.atlasint.yaml": "", "plain/a/b/": "", "empty/a/": "",
	})
	for from, want := range map[string]string{
		"git":       "git",
		"git/a/b":   "git",
		"git/sub/a": "git/sub",
		"plain/a/b": "plain",
		"plain":     "plain",
		"empty/a":   "empty/a",
	} {
		if got := Repository(filepath.Join(dir, from)); got != filepath.Join(dir, want) {
			t.Errorf("%s: got %s, want %s", from, got, want)
		}
	}
}

// A configuration that does not apply is in one note, with what to do.
func TestUnusedNotes(t *testing.T) {
	tree := func(more map[string]string) map[string]string {
		files := map[string]string{"r/.git/": "", "r/.atlasint.yaml": "api: v2", ".atlasint.yaml": "api: v2", "r/a/.atlasint.yaml": "api: v2", "r/a/b/": ""}
		for name, text := range more {
			files[name] = text
		}
		return files
	}
	const above = "../.atlasint.yaml is not used, because .atlasint.yaml is nearer; " +
		"add extends: ../.atlasint.yaml to it to apply both, or extends: none to apply it alone"
	below := func(dir string) string {
		return dir + "/.atlasint.yaml is not used for the files in its folder; " +
			"run atlasint in " + dir + " or with --config " + dir + "/.atlasint.yaml, or write the settings as overrides into .atlasint.yaml"
	}
	byLink := func(file string) string {
		return strings.Replace(below("a"), "its folder;", "its folder, into which "+file+" resolves by symbolic links;", 1)
	}
	for _, tc := range []struct {
		name, in, config string
		files            []string
		more             map[string]string
		want             []string
	}{
		{name: "above", in: "r/a", files: []string{"x.json", "b/x.json", Stdin}, want: []string{above}},
		{
			name:  "above, from a folder below",
			in:    "r/a/b",
			files: []string{"x.json"},
			want: []string{
				"../../.atlasint.yaml is not used, because ../.atlasint.yaml is nearer; " +
					"add extends: ../.atlasint.yaml to it to apply both, or extends: none to apply it alone",
			},
		},
		{name: "above, without files", in: "r/a", want: []string{above}},
		{name: "the root", in: "r", files: []string{"x.json"}},
		{name: "named by a flag", in: "r/a", config: ".atlasint.yaml", files: []string{"x.json", "../x.json"}},
		{name: "extended", in: "r/a", files: []string{"x.json", "../x.json"}, more: map[string]string{"r/a/.atlasint.yaml": "extends: ../.atlasint.yaml"}},
		{name: "on purpose", in: "r/a", files: []string{"x.json"}, more: map[string]string{"r/a/.atlasint.yaml": "extends: none"}},
		{
			name:  "another file extended",
			in:    "r/a",
			files: []string{"x.json"},
			more:  map[string]string{"r/a/.atlasint.yaml": "extends: ../base.yaml", "r/base.yaml": "api: v2"},
		},
		{
			name: "extended, and not the one above",
			in:   "r/a/b",
			more: map[string]string{"r/a/b/.atlasint.yaml": "extends: ../.atlasint.yaml"},
			want: []string{
				"../../.atlasint.yaml is not used, because ../.atlasint.yaml is nearer; " +
					"add extends: ../.atlasint.yaml to it to apply both, or extends: none to apply it alone",
			},
		},
		{name: "another repository", in: "r/a", files: []string{"x.json"}, more: map[string]string{"r/a/.git": "gitdir: x"}},
		{name: "a link in place of the one above", in: "r/a", more: map[string]string{"r/.atlasint.yaml": "->nowhere"}, want: []string{above}},

		{name: "below", in: "r", files: []string{"x.json", "a/x.json", "a/b/x.json"}, want: []string{below("a")}},
		{name: "below, with another spelling", in: "r", files: []string{"./a/x.json", "a/../a//x.json"}, want: []string{below("a")}},
		{
			name:  "below, also if it extends the root",
			in:    "r",
			files: []string{"a/x.json"},
			more:  map[string]string{"r/a/.atlasint.yaml": "extends: ../.atlasint.yaml"},
			want:  []string{below("a")},
		},
		{name: "other folders", in: "r", files: []string{"x.json", "c/x.json"}},
		{name: "outside the repository", in: "r", files: []string{"../x.json"}},
		{
			name:  "the nearest of a file",
			in:    "r",
			files: []string{"a/b/x.json"},
			more:  map[string]string{"r/a/b/.atlasint.yaml": ""},
			want:  []string{below("a/b")},
		},
		{
			name:  "a neighbor",
			in:    "r/a",
			files: []string{"../c/x.json"},
			more:  map[string]string{"r/a/.atlasint.yaml": "extends: none", "r/c/.atlasint.yaml": ""},
			want:  []string{below("../c")},
		},
		{
			name:  "above by its files",
			in:    "r/a",
			files: []string{"../x.json"},
			more:  map[string]string{"r/a/.atlasint.yaml": "extends: none"},
			want:  []string{below("..")},
		},
		{name: "above twice", in: "r/a", files: []string{"../x.json"}, want: []string{above}},
		{
			name:  "another name",
			in:    "r",
			files: []string{"a/b/x.json", "c/x.json", "../x.json"},
			more:  map[string]string{"r/a/.atlasint.yaml": "->nowhere", "r/a/.atlasint.yml": "", ".atlasint.yml": ""},
			want:  []string{"a/.atlasint.yml is not used, because of its name; rename it to .atlasint.yaml", below("a")},
		},
		{
			name: "another name above",
			in:   "r/a/b",
			more: map[string]string{"r/a/.atlasint.yaml": "extends: none", "r/.atlasint.yml": ""},
			want: []string{"../../.atlasint.yml is not used, because of its name; rename it to .atlasint.yaml"},
		},
		{
			name:  "by a link to a folder",
			in:    "r",
			files: []string{"link/x.json"},
			more:  map[string]string{"r/link": "->a/b"},
			want:  []string{byLink("link/x.json")},
		},
		{
			name:  "by a chain of links, with a folder in the middle",
			in:    "r",
			files: []string{"link/x.json"},
			more:  map[string]string{"r/link": "->a/c", "r/a/c": "->../d", "r/d/": ""},
			want:  []string{byLink("link/x.json")},
		},
		{
			name:  "by a link and directly",
			in:    "r",
			files: []string{"link/x.json", "a/x.json"},
			more:  map[string]string{"r/link": "->a/b"},
			want:  []string{below("a")},
		},
		{
			name:  "another name, by a link",
			in:    "r",
			files: []string{"link/x.json"},
			more:  map[string]string{"r/link": "->d/e", "r/d/.atlasint.yml": "", "r/d/e/": ""},
			want:  []string{"d/.atlasint.yml is not used, because of its name; rename it to .atlasint.yaml"},
		},
		{
			name:  "a shared file",
			in:    "r/a",
			files: []string{"x.json"},
			more:  map[string]string{"r/a/.atlasint.yaml": "extends: none", "r/a/x.json": "->../c/x.json", "r/c/.atlasint.yaml": "", "r/c/x.json": "{}"},
		},
		{name: "a loop of links", in: "r", files: []string{"link/x.json"}, more: map[string]string{"r/link": "->link2", "r/link2": "->link"}},
		{
			name:  "many, sorted",
			in:    "r",
			files: []string{"e/x", "c/x", "a/x", "f/x", "d/x"},
			more:  map[string]string{"r/c/.atlasint.yaml": "", "r/d/.atlasint.yaml": "", "r/e/.atlasint.yaml": "", "r/f/.atlasint.yaml": ""},
			want:  []string{below("a"), below("c"), below("d"), "2 more configurations in folders of the files are not used"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if runtime.GOOS == "windows" {
				t.Skip("paths and links of Unix")
			}
			writeTree(t, tree(tc.more))
			t.Chdir(tc.in)
			c, err := FindConfig(tc.config)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, c.UnusedNotes(tc.files)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Without a configuration, those in the folders of files are not used either.
func TestUnusedNotesWithoutConfiguration(t *testing.T) {
	dir := writeTree(t, map[string]string{"r/.git/": "", "r/a/.atlasint.yaml": ""})
	t.Chdir("r")
	c, err := FindConfig("")
	if err != nil || c.File != "" {
		t.Skipf("a configuration above %s: %v", dir, err)
	}
	want := []string{
		"a/.atlasint.yaml is not used for the files in its folder; run atlasint in a or with --config a/.atlasint.yaml, " +
			"or write the settings as overrides into a new .atlasint.yaml",
	}
	if diff := cmp.Diff(want, c.UnusedNotes([]string{"a/x.json"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Messages name the configuration that the search found by its path from the working directory, unless a link makes
// that another file, and the file of a flag as the user wrote it.
func TestShownConfiguration(t *testing.T) {
	const text = "baseURL: https://cloud.mongodb.com\nexclude: [drafts/**]\n"
	dir := writeTree(t, map[string]string{"r/.git/": "", "r/.atlasint.yaml": text, "r/a/b/": "", "wrong/.atlasint.yaml": "apj: v2\n"})
	if err := os.Symlink(filepath.Join("r", "a"), filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	for _, tc := range []struct{ dir, flag, want string }{
		{"r", "", ".atlasint.yaml"},
		{"r/a/b", "", "../../.atlasint.yaml"},
		{"r/a", "../.atlasint.yaml", "../.atlasint.yaml"},
		{".", filepath.Join(dir, "r", ".atlasint.yaml"), filepath.Join(dir, "r", ".atlasint.yaml")},
		{"wrong", "", ".atlasint.yaml:1:1: unknown key"},
	} {
		t.Chdir(filepath.Join(dir, filepath.FromSlash(tc.dir)))
		c, err := FindConfig(tc.flag)
		if err != nil {
			if !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("in %s: %v, want %s", tc.dir, err, tc.want)
			}
			continue
		}
		for _, got := range []string{c.Target(), c.BaseURLFile(), c.ExcludedBy(filepath.Join(dir, "r", "drafts", "x.json"))} {
			if got != tc.want {
				t.Errorf("in %s: %s, want %s", tc.dir, got, tc.want)
			}
		}
	}
	t.Chdir(dir)
	wrong := filepath.Join(dir, "wrong", ".atlasint.yaml")
	if got := shownFrom(filepath.Join(dir, "link"), wrong); got != wrong {
		t.Errorf("by a link: %s, want %s", got, wrong)
	}
}
