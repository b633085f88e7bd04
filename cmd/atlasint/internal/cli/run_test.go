package cli_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
)

// runCommand is the script command run CODE [ARGS...]. It runs atlasint in the test process, at a tenth of the cost of
// a process, and fails unless the exit code is CODE. Scripts use the command exit, which starts a process, for
// standard input, signals and the exit codes themselves.
func runCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: run CODE [ARGS...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	defer restoreProcess(ts)()
	ts.Check(os.Chdir(ts.MkAbs(".")))
	os.Clearenv()
	names, _ := ts.Value(variables{}).([]string)
	for _, name := range names {
		if value := ts.Getenv(name); value != "" {
			ts.Check(os.Setenv(name, value))
		}
	}
	var errOut bytes.Buffer
	got := cli.RunWithoutPauses(args[1:], strings.NewReader(""), ts.Stdout(), &errOut)
	_, err = io.WriteString(ts.Stderr(), slashed(errOut.String()))
	ts.Check(err)
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// slashed returns diagnostics with slashes in paths, as scripts have them: on Windows, paths have backslashes. It does
// not change quoted names, where backslashes escape characters.
func slashed(text string) string {
	parts := strings.Split(text, `"`)
	for i := 0; i < len(parts); i += 2 {
		parts[i] = filepath.ToSlash(parts[i])
	}
	return strings.Join(parts, `"`)
}

// restoreProcess returns a function that restores the working directory and the environment of the test process.
func restoreProcess(ts *testscript.TestScript) func() {
	dir, err := os.Getwd()
	ts.Check(err)
	environ := os.Environ()
	return func() {
		ts.Check(os.Chdir(dir))
		os.Clearenv()
		for _, pair := range environ {
			name, value, _ := strings.Cut(pair, "=")
			ts.Check(os.Setenv(name, value))
		}
	}
}

// variables is the key of the names of all variables that a script may have: testscript has no list of them.
type variables struct{}

var scriptAssignment = regexp.MustCompile(`(?m)^(?:\[[^]]*\] )?env (.*)$`)

// assignedVariables returns the names of the variables that a script assigns.
func assignedVariables(script string) (names []string) {
	for _, m := range scriptAssignment.FindAllStringSubmatch(script, -1) {
		names = append(names, variableNames(strings.Fields(m[1]))...)
	}
	return names
}

func variableNames(assignments []string) (names []string) {
	for _, pair := range assignments {
		name, _, _ := strings.Cut(pair, "=")
		names = append(names, name)
	}
	return names
}

// sequential runs scripts one after the other: the command run changes the working directory and the environment of
// the test process.
type sequential struct{ *testing.T }

func (sequential) Parallel() {}

func (s sequential) Run(name string, script func(testscript.T)) {
	s.T.Run(name, func(t *testing.T) { script(sequential{t}) })
}

func (sequential) Verbose() bool { return testing.Verbose() }
