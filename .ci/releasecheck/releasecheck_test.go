package main

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// complete has the files of a tree in which only the tag is missing.
var complete = map[string]string{
	"CHANGELOG.md": "# Changelog\n\n## v1.2.0 - 2027-01-31\nNew: [x](docs/install.md), [y](https://example.com/y).\n\n## v1.1.9 - 2027-01-30\nFirst.\n",
	"README.md":    "[changes](CHANGELOG.md): `go install github.com/atlasint/atlasint/cmd/atlasint@v1.2.0`\n",
	"LICENSE":      "Apache License\n", "SECURITY.md": "## Supported versions\n", ".goreleaser.yaml": "license: Apache-2.0\n",
	"npm/cli/package.json":             `{"version": "0.0.0", "license": "Apache-2.0"}`,
	"docs/release.md":                  "## Publish to npm for the first time\nThe secret `TOKEN`, the workflow `release.yml`:\nnpm publish --access public\n",
	"cmd/atlasint/internal/cli/cli.go": `{"The integrations of a project", "diff", newDiff},`,
	"Makefile":                         "\ntest:\ncheck-release:\nnpm:\nimage:\n",
	workflowFile: "on: {push: {tags: ['v*']}}\njobs:\n  files:\n    permissions: {id-token: write}\n    steps:\n" +
		"      - run: go run ./.ci/releasecheck -tag \"$GITHUB_REF_NAME\"\n      - run: make test\n      - run: |\n          make check-release npm image\n" +
		"          npm publish x\n        env: {T: '${{ secrets.TOKEN }}'}\n",
}

// programs are the responses of programs; a leading ! makes one fail.
var programs = map[string]string{
	"go mod edit -json": `{"Module": {"Path": "github.com/atlasint/atlasint"}, "Require": [` +
		`{"Path": "a", "Version": "v1.0.1-0.20240526193622-a339e1f7089c", "Indirect": true}]}`,
	"bash .ci/release/goreleaser check": "!DEPRECATED:  brews  should not be used\nconfiguration is valid, but uses deprecated properties",
	"make check-generate":               "",
	"git log -50": "\x00aaa validate: report each place\n\nvalidate/validate.go\n" +
		"\x00bbb jsonpos, cli: name a comment " + strings.Repeat("é", 43) + "\n\ninternal/jsonpos/parse.go\ncmd/atlasint/internal/cli/cli.go\n" +
		"\x00ccc all, diff, ci, changelog, store/filestore: name it\n\n.ci/run\nCHANGELOG.md\nfakeatlas/store/filestore/a.go",

	"git status --porcelain":               "",
	"git rev-parse HEAD":                   "aaa",
	"git rev-parse --verify --quiet refs/": "!",
}

// check runs the checks on the complete tree with some files and responses replaced.
func check(t *testing.T, files, responses map[string]string, o options) (out string, err error) {
	t.Helper()
	all, replies := maps.Clone(complete), maps.Clone(programs)
	maps.Copy(all, files)
	for program := range responses {
		maps.DeleteFunc(replies, func(known, _ string) bool { return strings.HasPrefix(known, program) })
	}
	maps.Copy(replies, responses)
	fsys := fstest.MapFS{}
	for name, text := range all {
		if text != "" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	response := func(name string, args ...string) (string, error) {
		line := strings.Join(append([]string{name}, args...), " ")
		for known, text := range replies {
			if strings.HasPrefix(line, known) {
				if text, fails := strings.CutPrefix(text, "!"); fails {
					return text, errors.New("exit status 1")
				}
				return text, nil
			}
		}
		t.Errorf("unknown program: %s", line)
		return "", nil
	}
	var text strings.Builder
	err = run(&text, tree{FS: fsys, command: response, today: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)}, o, false)
	return text.String(), err
}

func replaced(name, from, to string) map[string]string {
	return map[string]string{name: strings.Replace(complete[name], from, to, 1)}
}

func TestRequirementsMet(t *testing.T) {
	tag := "git rev-parse --verify --quiet refs/"
	for name, c := range map[string]struct {
		responses map[string]string
		files     map[string]string
		o         options
		want      string
	}{
		"no tag":               {nil, nil, options{}, "Only the tag is missing. Run make ci, then: git tag -a -m v1.2.0 v1.2.0 && git push origin v1.2.0\n"},
		"tag on this commit":   {map[string]string{tag: "aaa"}, nil, options{tag: "v1.2.0"}, "Nothing is missing: the tag v1.2.0 exists.\n"},
		"after a release":      {map[string]string{tag: "bbb", "git status": " M x"}, nil, options{development: true}, "Nothing is missing"},
		"before the release":   {nil, replaced("CHANGELOG.md", "2027-01-31", "Unreleased"), options{development: true}, "Only the tag"},
		"between two releases": {nil, replaced("CHANGELOG.md", "## v1.2.0", "## Unreleased\nx\n\n## v1.2.0"), options{development: true}, "Only the tag"},
	} {
		out, err := check(t, c.files, c.responses, c.o)
		if n := strings.Count(out, "ok: "); err != nil || n != len(checks) {
			t.Errorf("%s: %d checks pass, want %d: %v\n%s", name, n, len(checks), err, out)
		}
		if !strings.Contains(out, c.want) {
			t.Errorf("%s: want %q in\n%s", name, c.want, out)
		}
	}
}

// Each requirement, with the change that breaks it and a part of the message.
func TestRequirementsMissing(t *testing.T) {
	entry := func(fileOrProgram, text string) map[string]string { return map[string]string{fileOrProgram: text} }
	mod := func(text string) map[string]string {
		return entry("go mod edit", `{"Module": {"Path": "github.com/atlasint/atlasint"}, `+text+`}`)
	}
	const unreleased = "## Unreleased\nx\n\n"
	quoted := entry("examples/ci/Jenkinsfile", "R = 'https://x/releases/download/v1.1.9'\n")
	noPackage := entry("git log", "\x00aaa cli: x\n\ncmd/atlasint/internal/cli/cli.go\n\x00bbb name a comment\n\na.go")
	pseudo := mod(`"Require": [{"Path": "a", "Version": "v0.0.0-20240526193622-a339e1f7089c"}]`)
	deprecated := entry("bash .ci/release/goreleaser check", "!DEPRECATED:  archives  x\nconfiguration is valid, but")
	tag := "git rev-parse --verify --quiet refs/"
	for name, c := range map[string]struct {
		files, responses map[string]string
		o                options
		want             string
	}{
		"no version":            {entry("CHANGELOG.md", "## Unreleased\nx\n"), nil, options{}, "has no heading such as"},
		"heading without date":  {replaced("CHANGELOG.md", " - 2027-01-30", ""), nil, options{}, `"v1.1.9" is not a heading such as`},
		"other version form":    {replaced("CHANGELOG.md", "## v1.1.9", "## 1.1.9"), nil, options{}, `"1.1.9 - 2027-01-30" is not a heading such as`},
		"date of another form":  {replaced("CHANGELOG.md", "2027-01-31", "31.1.2027"), nil, options{}, `has the date "31.1.2027"`},
		"date in the future":    {replaced("CHANGELOG.md", "2027-01-31", "2027-02-28"), nil, options{}, "2027-02-28, which is in the future"},
		"empty section":         {replaced("CHANGELOG.md", "First.\n", ""), nil, options{}, "the section for v1.1.9 is empty"},
		"older version first":   {replaced("CHANGELOG.md", "v1.1.9", "v1.10.0"), nil, options{}, "v1.2.0 is before v1.10.0, but not newer"},
		"same version twice":    {replaced("CHANGELOG.md", "v1.1.9", "v1.2.0"), nil, options{}, "v1.2.0 is before v1.2.0, but not newer"},
		"older date first":      {replaced("CHANGELOG.md", "2027-01-30", "2027-02-01"), nil, options{}, "v1.2.0 is before v1.1.9, but not newer"},
		"unreleased changes":    {replaced("CHANGELOG.md", "## v1.2.0", unreleased+"## v1.2.0"), nil, options{}, "the unreleased changes need a heading"},
		"unreleased below":      {replaced("CHANGELOG.md", "## v1.1.9", unreleased+"## v1.1.9"), nil, options{development: true}, "are not the first section"},
		"other version":         {replaced("README.md", "v1.2.0", "v1.1.9"), nil, options{}, "README.md:1 names the version v1.1.9, CHANGELOG.md v1.2.0"},
		"prerelease":            {replaced("README.md", "v1.2.0", "v1.2.0-rc.1"), nil, options{}, "names the version v1.2.0-rc.1"},
		"long subject":          {nil, entry("git log", "aaa cli: "+strings.Repeat("é", 68)), options{}, "at most 72 characters"},
		"no package":            {nil, noPackage, options{}, `commit bbb: "name a comment" is not "package: verb`},
		"capital letter":        {nil, entry("git log", "aaa cli: Name a comment"), options{}, "commit aaa"},
		"unchanged folder":      {nil, entry("git log", "\x00aaa cmd, cli: name it\n\ncmd/atlasint/main.go"), options{}, `commit aaa: "cli" names neither`},
		"part of a name":        {nil, entry("git log", "\x00aaa pos: name it\n\ninternal/jsonpos/parse.go"), options{}, `commit aaa: "pos" names neither`},
		"no date":               {replaced("CHANGELOG.md", "2027-01-31", "Unreleased"), nil, options{}, "v1.2.0 has no date; replace Unreleased"},
		"older without a date":  {replaced("CHANGELOG.md", "2027-01-30", "Unreleased"), nil, options{development: true}, `v1.1.9 has the date "Unreleased"`},
		"full stop":             {nil, entry("git log", "aaa cli: name a comment."), options{}, "commit aaa"},
		"no version in files":   {replaced("README.md", "@v1.2.0", ""), nil, options{}, "no file names a version"},
		"hook":                  {entry("examples/ci/x.yaml", "a\n    rev: v1.1.9\n"), nil, options{}, "examples/ci/x.yaml:2 names the version v1.1.9"},
		"action":                {entry("docs/ci.md", "uses: atlasint/atlasint@v1.1.9\n"), nil, options{}, "docs/ci.md:1"},
		"shortened path":        {entry("docs/install.md", "go run …@v1.1.9\n"), nil, options{}, "docs/install.md:1"},
		"package in Go":         {entry("docs/install.md", "go get github.com/atlasint/atlasint/fakeatlas@v1.1.9\n"), nil, options{}, "docs/install.md:1"},
		"archive":               {entry("docs/install.md", "`atlasint_1.1.9_linux_amd64.deb`"), nil, options{}, "docs/install.md:1"},
		"download":              {entry("docs/install.md", "releases/download/v1.1.9/SHA256SUMS"), nil, options{}, "docs/install.md:1"},
		"image":                 {entry("examples/compose.yaml", "ghcr.io/atlasint/atlasint:1.1.9\n"), nil, options{}, "examples/compose.yaml:1"},
		"npm dependency":        {entry("examples/node/package.json", `"@atlasint/cli": "^1.1.9"`), nil, options{}, "examples/node/package.json:1"},
		"checkout":              {entry("docs/install.md", "git checkout v1.1.9\n"), nil, options{}, "docs/install.md:1"},
		"install script":        {entry("install.sh", "set -eu\nversion=v1.1.9 # x\n"), nil, options{}, "install.sh:2 names the version v1.1.9, "},
		"quoted URL":            {quoted, nil, options{}, "Jenkinsfile:1 names the version v1.1.9, "},
		"constant":              {entry("cmd/x.go", `const latestRelease = "v1.1.9"`), nil, options{}, "cmd/x.go:1"},
		"version of npm/cli":    {entry("npm/cli/package.json", `{"version": "1.2.0", "license": "Apache-2.0"}`), nil, options{}, "needs the version 0.0.0"},
		"license of npm/cli":    {entry("npm/cli/package.json", `{"version": "0.0.0", "license": "MIT"}`), nil, options{}, "needs the version 0.0.0"},
		"module path":           {replaced("CHANGELOG.md", "v1.2.0", "v2.0.0"), nil, options{}, "v2.0.0 needs github.com/atlasint/atlasint/v2"},
		"replace":               {nil, mod(`"Replace": [{}]`), options{}, "replace and exclude"},
		"exclude":               {nil, mod(`"Exclude": [{}]`), options{}, "replace and exclude"},
		"pseudo-version":        {nil, pseudo, options{}, "a has the version of a commit"},
		"no license":            {entry("LICENSE", ""), nil, options{}, `LICENSE: no "Apache License"`},
		"no security policy":    {entry("SECURITY.md", ""), nil, options{}, "SECURITY.md: no"},
		"invalid workflow":      {entry(workflowFile, "jobs: []\n"), nil, options{}, "cannot unmarshal"},
		"workflow without tags": {replaced(workflowFile, "v*", "w*"), nil, options{}, "it must run for each tag v*"},
		"workflow without test": {replaced(workflowFile, "make test", "make image"), nil, options{}, "it must run make test"},
		"workflow without tag":  {replaced(workflowFile, "-tag", ""), nil, options{}, "it must compare the tag"},
		"removed target":        {replaced("Makefile", "\nimage:", ""), nil, options{}, "the Makefile has no target image"},
		"undocumented secret":   {replaced(workflowFile, "secrets.TOKEN", "secrets.OTHER"), nil, options{}, "the secret OTHER of the workflow"},
		"npm without login":     {replaced(workflowFile, "id-token", "contents"), nil, options{}, "needs the permission id-token: write"},
		"npm undocumented":      {replaced("docs/release.md", "npm publish", ""), nil, options{}, `docs/release.md: no "npm publish --access public"`},
		"invalid goreleaser":    {nil, entry("bash .ci/release/goreleaser check", "!yaml: line 3"), options{}, ".goreleaser.yaml: yaml: line 3"},
		"deprecated goreleaser": {nil, deprecated, options{}, "DEPRECATED:  archives"},
		"stale gen":             {nil, entry("make check-generate", "!stale"), options{}, "gen/ or internal/gen/ doesn't match openapi/"},
		"uncommitted changes":   {nil, entry("git status --porcelain", " M x"), options{}, "uncommitted changes:\n M x"},
		"tag on another commit": {nil, entry(tag, "bbb"), options{}, "the tag v1.2.0 is on another commit"},
		"pushed, another":       {nil, entry(tag, "bbb"), options{tag: "v1.2.0"}, "the tag v1.2.0 is on another commit"},
		"pushed tag missing":    {nil, nil, options{tag: "v1.2.0"}, "the tag v1.2.0 doesn't exist"},
		"pushed tag differs":    {nil, entry(tag, "aaa"), options{tag: "v1.2.1"}, "the tag is v1.2.1, the version in CHANGELOG.md v1.2.0"},
	} {
		out, err := check(t, c.files, c.responses, c.o)
		if err == nil || !strings.Contains(out+err.Error(), c.want) {
			t.Errorf("%s: want %q: %v\n%s", name, c.want, err, out)
		}
	}
}

func TestReleaseNotes(t *testing.T) {
	var out strings.Builder
	fsys := fstest.MapFS{"CHANGELOG.md": &fstest.MapFile{Data: []byte(complete["CHANGELOG.md"])}}
	if err := run(&out, tree{FS: fsys}, options{}, true); err != nil {
		t.Fatal(err)
	}
	const want = "New: [x](https://github.com/atlasint/atlasint/blob/v1.2.0/docs/install.md), [y](https://example.com/y).\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// A deprecation is recognized by its name: on a CI machine goreleaser colors each word.
func TestCommandRemovesColors(t *testing.T) {
	out, err := command("printf", `\033[1;93m DEPRECATED: \033[40m \033[m\033[94;40mbrews\033[m x\n`)
	if want := "DEPRECATED:  brews x"; err != nil || out != want {
		t.Errorf("got %q, %v; want %q", out, err, want)
	}
}
