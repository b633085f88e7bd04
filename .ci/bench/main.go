// Main measures the built command as a process. It compares the command with floors, which do only the necessary work,
// and with the fastest other checker on npm, and reports which aims are met.
//
// docs/performance.md describes its use. Run it from the module root. The programs of a group take turns, so that other
// load of the machine affects all of them, and ratios are made within one run. hyperfine runs the rounds of each program
// in one block, and hyperfine 1.15 measures no memory. The benchmark runs on Linux and macOS.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"
)

// group is programs that take turns. A process on one file is short and varies: it has more rounds by the factor.
type group struct {
	title  string
	factor int
	rows   []*row
}

type row struct {
	name    string
	command string
	output  string // a part of its output if it did all of the work
	status  int    // its exit status
	samples []sample
}

type sample struct{ cpu, wall, peak float64 } // milliseconds, milliseconds and MiB

func cpu(s sample) float64  { return s.cpu }
func wall(s sample) float64 { return s.wall }
func peak(s sample) float64 { return s.peak }

const (
	union = "sourcemeta validate --fast union.json --template union.template.json "
	one   = "sourcemeta validate --fast DATADOG.json --template DATADOG.template.json "
)

// groups are measured in this order. A floor is the base of the ratios of the rows after it. The schemas of sourcemeta
// are compiled before the measurement, except in the last row: as a user calls it, with the schema itself and for all
// errors.
var groups = []group{
	{"10,000 files", 1, []*row{
		{name: "floor: open, read, close", command: "floor many"},
		{name: "the same without package os", command: "floor -raw many"},
		{name: "atlasint validate DIR", command: "atlasint validate many", output: " 10000 payload"},
		{name: "atlasint validate --jobs 1 DIR", command: "atlasint validate --jobs 1 many", output: " 10000 payload"},
		{name: "atlasint validate DIR, one fault in each", command: "atlasint validate faulty", output: ": 10000 errors", status: 1},
		{name: "sourcemeta --fast, oneOf of all types", command: union + "many", output: "10000 validated, 10000 passed, 0 failed"},
		{name: "sourcemeta --fast, DATADOG alone", command: one + "many", output: "10000 validated, 10000 passed, 0 failed"},
	}},
	{"Records of one file", 1, []*row{
		{name: "floor, 100,000 records", command: "floor some.jsonl"},
		{name: "atlasint validate, 100,000 records", command: "atlasint validate some.jsonl", output: " 100000 payload"},
		{name: "sourcemeta --fast, oneOf of all types", command: union + "some.jsonl", output: "100000 validated, 100000 passed, 0 failed"},
		{name: "sourcemeta --fast, DATADOG alone", command: one + "some.jsonl", output: "100000 validated, 100000 passed, 0 failed"},
		{name: "floor, 1,000,000 records", command: "floor more.jsonl"},
		{name: "atlasint validate, 1,000,000 records", command: "atlasint validate more.jsonl", output: " 1000000 payload"},
	}},
	{"One file", 7, []*row{
		{name: "floor: empty Go program", command: "empty"},
		{name: "atlasint validate FILE", command: "atlasint validate one.json", output: " 1 payload"},
		{name: "sourcemeta --fast, oneOf of all types", command: union + "one.json", output: "1 validated, 1 passed, 0 failed"},
		{name: "sourcemeta --fast, DATADOG alone", command: one + "one.json", output: "1 validated, 1 passed, 0 failed"},
		{name: "sourcemeta, oneOf of all types", command: "sourcemeta validate union.json one.json"},
	}},
}

// aims are upper limits of commands, or of their ratios to another command if they have no unit.
var aims = []aim{
	{"10,000 files: CPU to the floor", "atlasint validate many", cpu, 2, "", "floor many"},
	{"10,000 files with one fault each: CPU to the valid ones", "atlasint validate faulty", cpu, 3, "", "atlasint validate many"},
	{"10,000 files: wall to sourcemeta --fast, oneOf of all types", "atlasint validate many", wall, 0.3, "", union + "many"},
	{"100,000 records: peak", "atlasint validate some.jsonl", peak, 60, "MiB", ""},
	{"1,000,000 records: peak to that of 100,000 records", "atlasint validate more.jsonl", peak, 1.1, "", "atlasint validate some.jsonl"},
	{"one file: wall", "atlasint validate one.json", wall, 10, "ms", ""},
	{"one file: wall to sourcemeta, oneOf of all types", "atlasint validate one.json", wall, 1, "", "sourcemeta validate union.json one.json"},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	rounds := flag.Int("n", 7, "rounds that count; one more goes before them")
	peers := flag.Bool("peers", true, "measure other checkers too (needs npm)")
	flag.Parse()
	debug.SetGCPercent(10) // see ownPeak
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, max(*rounds, 1), *peers)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, rounds int, peers bool) error {
	dir, err := os.MkdirTemp("", "atlasint-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{ctx, dir}
	if err := errors.Join(b.build(), b.generate()); err != nil {
		return err
	}
	if peers {
		if err := b.findPeer(); err != nil {
			fmt.Printf("No other checker is measured: %v.\n", err)
			peers = false
		}
	}
	fmt.Printf("%s, %s/%s, %d CPUs.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	fmt.Printf("Rounds: %d, of one file %d. Medians (min..max). A payload is %d bytes.\n", rounds, rounds*groups[2].factor, len(payload(0)))
	for i := range groups {
		g := &groups[i]
		if !peers {
			g.rows = slices.DeleteFunc(g.rows, func(r *row) bool { return strings.HasPrefix(r.command, "sourcemeta") })
		}
		if err := b.measure(g, rounds*g.factor); err != nil {
			return err
		}
		g.print()
	}
	printAims()
	return nil
}

// bench is one run. Its files are in dir, where the programs run too, without a configuration of this repository.
type bench struct {
	ctx context.Context
	dir string
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// measure runs the rows in turns. The first round doesn't count: it checks the programs.
func (b *bench) measure(g *group, rounds int) error {
	for round := range rounds + 1 {
		for _, r := range g.rows {
			run := b.once
			if round == 0 {
				run = b.check
			}
			if err := run(r); err != nil {
				return fmt.Errorf("%s: %w", r.command, err)
			}
		}
	}
	return nil
}

// check fails unless the program accepts all of its input and rejects an invalid file in its place.
func (b *bench) check(r *row) error {
	cmd := b.command(r.command)
	out, err := cmd.CombinedOutput()
	if err := r.ended(err); err != nil {
		return fmt.Errorf("%w\n%.2000s", err, out)
	}
	if !strings.Contains(string(out), r.output) {
		return fmt.Errorf("want %q in its output, got:\n%s", r.output, out)
	}
	if r.status != 0 || strings.HasPrefix(r.command, "floor") || r.command == "empty" {
		return nil
	}
	bad := b.command(r.command[:strings.LastIndex(r.command, " ")] + " bad.json")
	if err := bad.Run(); bad.ProcessState == nil || bad.ProcessState.ExitCode() < 1 {
		return fmt.Errorf("want an exit status other than 0 for an invalid file, got %v", err)
	}
	return nil
}

// ended returns the error of a run, nil if it ended with the status of the row.
func (r *row) ended(err error) error {
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == r.status {
		return nil
	}
	return err
}

// once runs a row to its end, without output, and adds the measurements of the system.
func (b *bench) once(r *row) error {
	cmd := b.command(r.command)
	start := time.Now()
	if err := r.ended(cmd.Run()); err != nil {
		return err
	}
	took, state := time.Since(start), cmd.ProcessState
	mib := float64(state.SysUsage().(*syscall.Rusage).Maxrss) / (1 << 10)
	if runtime.GOOS == "darwin" { // counts bytes, Linux KiB
		mib /= 1 << 10
	}
	r.samples = append(r.samples, sample{(state.UserTime() + state.SystemTime()).Seconds() * 1000, took.Seconds() * 1000, mib})
	return nil
}

// command runs in dir, without the variables that change how a Go program runs.
func (b *bench) command(line string) *exec.Cmd {
	words := strings.Fields(line)
	cmd := exec.CommandContext(b.ctx, b.path(words[0]), words[1:]...)
	cmd.Dir = b.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir}
	return cmd
}
