// Package cirunner finds the commands that the runners of GitHub Actions, Azure Pipelines and TeamCity execute when a
// job prints them. Tests use it to check that output contains none. It follows ActionCommand.TryParseV2 and
// ActionCommand.TryParse of actions/runner, Command.TryParse of microsoft/azure-pipelines-agent, and the documentation
// of TeamCity's service messages.
package cirunner

import (
	"slices"
	"strings"
	"unicode"
)

// Kinds returns a command of each kind that the runners execute.
func Kinds() []string {
	return []string{"::stop-commands::t", "##[error]x", "##vso[task.setvariable variable=a]b", "##teamcity[buildStatus text='x']"}
}

// Samples returns texts that are commands of one of the runners: every kind, at the beginning of a line, in
// the middle, and with characters in the prefix that comparisons by language ignore. Each is one line
// without slashes.
func Samples() []string {
	return append(Kinds(),
		"  ::error::x", "::set-output name=a::b", "\u00a0::warning file=a,line=1::x", "\u00ad::add-mask::x", ":\ufe0f:debug::x",
		"a ##[stop-commands]t", "##[add-mask]x", "###[warning]x", "#\u00ad#[group]x", "##\ufe0f[error]x",
		"##vso[task.complete result=Failed]x", "a##vso[task.issue]b", "##v\u00adso[build.addbuildtag]x",
		"a ##teamcity[setParameter name='env.a' value='b']", "###TeamCity[buildStop comment='x' readdToQueue='true']",
		"##team\u00adcity[progressMessage 'x']",
	)
}

// registered are the commands of a GitHub runner, which match in any case.
var registered = []string{
	"add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path", "notice",
	"remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}

// Commands returns the lines of output that a runner would execute.
func Commands(output string) []string { return matching(output, execute) }

// Bracketed returns those that begin with ##[, ##vso[ or ##teamcity[. The commands in a report for GitHub begin with
// two colons, and GitHub looks for no others in their lines.
func Bracketed(output string) []string { return matching(output, inAnyBrackets) }

func matching(output string, is func(line string) bool) []string {
	var found []string
	lines := strings.FieldsFunc(output, func(r rune) bool { return r == '\n' || r == '\r' })
	for _, line := range lines {
		if is(line) || is(strings.Map(significant, line)) {
			found = append(found, line)
		}
	}
	return found
}

// significant drops the characters that .NET ignores where it compares by the rules of a language: its
// IndexOf and StartsWith do by default.
func significant(r rune) rune {
	if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector) || r == '\u034f' {
		return -1
	}
	return r
}

func execute(line string) bool { return leading(line) || inAnyBrackets(line) }

func inAnyBrackets(line string) bool { return bracketed(line) || azure(line) || teamCity(line) }

// leading is TryParseV2: "::name key=value::data", behind white space only.
func leading(line string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), "::")
	head, _, closed := strings.Cut(rest, "::")
	return ok && closed && isRegistered(head)
}

// bracketed is TryParse: "##[name key=value;]data", anywhere in a line.
func bracketed(line string) bool {
	head, ok := inBrackets(line, "##[")
	return ok && isRegistered(head)
}

// azure is Command.TryParse: "##vso[area.event key=value;]data", anywhere in a line.
func azure(line string) bool {
	head, ok := inBrackets(line, "##vso[")
	name, _, _ := strings.Cut(head, " ")
	parts := slices.DeleteFunc(strings.Split(name, "."), func(s string) bool { return s == "" })
	return ok && len(parts) == 2
}

// teamCity finds "##teamcity[name key='value']" or "##teamcity[name 'value']", anywhere in a line and in any case: the
// documentation requires neither the beginning of a line nor lower case.
func teamCity(line string) bool {
	head, ok := inBrackets(strings.Map(lowerASCII, line), "##teamcity[")
	return ok && strings.TrimSpace(head) != ""
}

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

func inBrackets(line, prefix string) (head string, ok bool) {
	_, rest, ok := strings.Cut(line, prefix)
	head, _, closed := strings.Cut(rest, "]")
	return head, ok && closed
}

func isRegistered(head string) bool {
	name, _, _ := strings.Cut(head, " ")
	return slices.Contains(registered, strings.ToLower(name))
}
