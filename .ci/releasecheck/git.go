package main

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// subjectForm is the form of a commit's subject, and maxSubject its length in characters.
var subjectForm = regexp.MustCompile(`^[a-z0-9./*, _-]+: [^A-Z ].*[^.]$`)

const maxSubject = 72

// checkSubjects checks the newest 50 commits of people: older ones are history.
func checkSubjects(t tree, _ string) (faults []string, err error) {
	log, err := t.command("git", "log", "-50", "--no-merges", "--perl-regexp", "--author=^(?!dependabot)", "--name-only", "--format=%x00%h %s")
	if err != nil {
		return nil, fmt.Errorf("git log: %w: %s", err, log)
	}
	commands, _ := fs.ReadFile(t, "cmd/atlasint/internal/cli/cli.go")
	for commit := range strings.SplitSeq(strings.Trim(log, "\x00\n"), "\x00") {
		title, files, _ := strings.Cut(commit, "\n")
		hash, subject, _ := strings.Cut(strings.TrimSpace(title), " ")
		if !subjectForm.MatchString(subject) || utf8.RuneCountInString(subject) > maxSubject {
			faults = append(faults, fmt.Sprintf("commit %s: %q is not \"package: verb object\" in lower case, without a full stop and with at most %d characters", hash, subject, maxSubject))
			continue
		}
		prefix, _, _ := strings.Cut(subject, ": ")
		for name := range strings.SplitSeq(prefix, ", ") {
			if name != "all" && !names(strings.Fields(files), name) && !strings.Contains(string(commands), `", "`+name+`", `) {
				faults = append(faults, fmt.Sprintf("commit %s: %q names neither a command nor a folder or a file that the commit changes", hash, name))
			}
		}
	}
	return faults, nil
}

// names reports whether a name is the end of the path of a folder or a file, without the extension of the file.
func names(files []string, name string) bool {
	for _, file := range files {
		for at := file; at != "."; at = path.Dir(at) {
			whole := strings.ToLower("/" + at)
			for _, end := range []string{"/" + name, "/." + name} { // .ci
				if strings.HasSuffix(whole, end) || strings.HasSuffix(strings.TrimSuffix(whole, path.Ext(whole)), end) {
					return true
				}
			}
		}
	}
	return false
}

// gitState is the result of the checks with git.
type gitState struct {
	faults []string
	tag    string // a sentence about the tag
}

func checkGit(t tree, version string, o options) (state gitState, err error) {
	fault := func(format string, a ...any) { state.faults = append(state.faults, fmt.Sprintf(format, a...)) }
	changes, err := t.command("git", "status", "--porcelain")
	if err != nil {
		return state, fmt.Errorf("git status: %w: %s", err, changes)
	}
	if changes != "" && !o.development {
		fault("uncommitted changes:\n%s", changes)
	}
	head, err := t.command("git", "rev-parse", "HEAD")
	if err != nil {
		return state, fmt.Errorf("git rev-parse: %w: %s", err, head)
	}
	tagged, err := t.command("git", "rev-parse", "--verify", "--quiet", "refs/tags/"+version+"^{commit}")
	exists := err == nil
	switch {
	case o.tag != "" && o.tag != version:
		fault("the tag is %s, the version in CHANGELOG.md %s", o.tag, version)
	case o.tag != "" && !exists:
		fault("the tag %s doesn't exist", version)
	case exists && tagged != head && !o.development:
		fault("the tag %s is on another commit; begin the section of the next version in CHANGELOG.md", version)
	}
	state.tag = fmt.Sprintf("Only the tag is missing. Run make ci, then: git tag -a -m %s %s && git push origin %s", version, version, version)
	if exists {
		state.tag = "Nothing is missing: the tag " + version + " exists."
	}
	return state, nil
}
