package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/clitest"
)

func TestMain(m *testing.M) {
	testscript.Main(inProcess{m}, map[string]func(){
		"atlasint": func() { os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// inProcess prepares the test process for commands that run in it: the heap has at least 128 MiB, of which no page is
// ever touched. Commands set how much a heap may grow until it is collected: a small heap would be collected all the
// time.
type inProcess struct{ *testing.M }

func (m inProcess) Run() int {
	heap := make([]byte, 128<<20)
	defer runtime.KeepAlive(heap)
	return m.M.Run()
}

// Scripts with the command run, which runs atlasint in the test process.
func TestScripts(t *testing.T) {
	p := scriptParams(t, "")
	p.Files, _ = scripts(t)
	testscript.RunT(sequential{t}, p)
}

// Scripts that start processes only.
func TestProcessScripts(t *testing.T) {
	if raced {
		t.Skip("scripts start processes only")
	}
	p := scriptParams(t, builtGenerator(t))
	_, p.Files = scripts(t)
	testscript.Run(t, p)
}

// scripts returns the scripts that use the command run, and all others.
func scripts(t *testing.T) (inProcess, others []string) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	for _, file := range files {
		path, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(readFile(t, path), "\nrun ") {
			inProcess = append(inProcess, path)
		} else {
			others = append(others, path)
		}
	}
	return inProcess, others
}

func scriptParams(t *testing.T, generator string) testscript.Params {
	t.Helper()
	examples, err := filepath.Abs("../../../../examples")
	if err != nil {
		t.Fatal(err)
	}
	goEnv, err := goEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	inProcess, _ := scripts(t)
	var names []string
	for _, file := range inProcess {
		names = append(names, assignedVariables(readFile(t, file))...)
	}
	return testscript.Params{
		UpdateScripts: *clitest.Update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", examples)
			env.Vars = append(env.Vars, goEnv...)
			if generator != "" {
				env.Setenv("BUILT_GENERATOR", generator)
			}
			env.Values[variables{}] = append(variableNames(env.Vars), names...)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exit": exitCode, "run": runCommand},
	}
}

// goEnvironment returns the variables with which a script, whose home is empty, uses the caches of the go command.
func goEnvironment() (vars []string, err error) {
	names := []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOTOOLCHAIN"}
	out, err := exec.Command("go", append([]string{"env"}, names...)...).Output()
	if err != nil {
		return nil, err
	}
	values := strings.Split(string(out), "\n")
	for i, name := range names {
		vars = append(vars, name+"="+strings.TrimSpace(values[i]))
	}
	return vars, nil
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// builtGenerator returns the folder of a go command for scripts, or "" on Windows.
func builtGenerator(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		return ""
	}
	dir, err := clitest.GeneratorFolder()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
