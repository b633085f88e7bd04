// Main measures the built command as a process. It compares the command with floors, which do only the necessary work,
// and with the fastest other checker on npm, and reports which aims are met.
//
// docs/performance.md describes its use. Run it from the module root. The programs of a group take turns, so that other load of the machine affects all of
// them, and ratios are made within one run. hyperfine runs the rounds of each program in one block, and 1.15 measures no memory. It runs on
// Linux and macOS.
package main

import (
	"cmp"
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

const (
	files       = 10_000
	records     = 100_000
	moreRecords = 1_000_000

	// A process on one file is short and varies: it has more rounds by this factor.
	startFactor = 7
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	rounds := flag.Int("n", 7, "rounds that count; one more goes before them")
	peers := flag.Bool("peers", true, "measure other checkers too (needs npm)")
	flag.Parse()
	debug.SetGCPercent(10) // see ownPeak
	if *rounds < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *rounds, *peers)
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
	b := &bench{ctx: ctx, dir: dir}
	if err := errors.Join(b.build(), b.generate()); err != nil {
		return err
	}
	if peers {
		if err := b.findPeer(); err != nil {
			fmt.Printf("No other checker is measured: %v.\n", err)
		}
	}
	fmt.Printf("%s, %s/%s, %d CPUs.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	fmt.Printf("Rounds: %d, of one file %d. Medians (min..max). A payload is %d bytes.\n", rounds, rounds*startFactor, len(payload(0)))
	groups, aims := b.plan(rounds)
	for _, g := range groups {
		if err := b.measure(g); err != nil {
			return err
		}
		g.print()
	}
	printAims(aims)
	return nil
}

// bench is one run. Its files are in dir, where the programs run too, without a configuration of this repository.
type bench struct {
	ctx  context.Context
	dir  string
	peer string // path of another checker's program, or ""
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// group is programs that take turns.
type group struct {
	title  string
	rounds int
	rows   []*row
}

type row struct {
	name    string
	command []string
	output  string // a part of its output if it did all of the work
	rejects string // an invalid file that it must reject instead of its last argument, or ""
	status  int    // its exit status
	floor   *row   // the base of its ratios
	samples []sample
}

type sample struct{ cpu, wall, peak float64 } // milliseconds, milliseconds and MiB

func cpu(s sample) float64  { return s.cpu }
func wall(s sample) float64 { return s.wall }
func peak(s sample) float64 { return s.peak }

// aim is an upper limit of a row, or of its ratio to another row if it has no unit. Without that row it is not
// measured.
type aim struct {
	text   string
	row    *row
	of     func(sample) float64
	limit  float64
	unit   string
	beside *row
}

func (b *bench) plan(rounds int) ([]group, []aim) {
	floor := b.row(nil, "floor: open, read, close", "floor", "many")
	raw := b.row(floor, "the same without package os", "floor", "-raw", "many")
	many := b.ours(floor, "atlasint validate DIR", files, "many")
	single := b.ours(floor, "atlasint validate --jobs 1 DIR", files, "--jobs", "1", "many")
	faulty := b.ours(floor, "atlasint validate DIR, one fault in each", files, "faulty")
	faulty.output, faulty.rejects, faulty.status = fmt.Sprintf(": %d errors", files), "", 1
	manyPeers := b.peers(floor, files, "many")

	someFloor := b.row(nil, "floor, 100,000 records", "floor", "some.jsonl")
	some := b.ours(someFloor, "atlasint validate, 100,000 records", records, "some.jsonl")
	moreFloor := b.row(nil, "floor, 1,000,000 records", "floor", "more.jsonl")
	more := b.ours(moreFloor, "atlasint validate, 1,000,000 records", moreRecords, "more.jsonl")

	empty := b.row(nil, "empty Go program", "empty")
	one := b.ours(empty, "atlasint validate FILE", 1, "one.json")
	onePeers := b.peers(empty, 1, "one.json")

	aims := []aim{
		{"10,000 files: CPU to the floor", many, cpu, 2, "", floor},
		{"10,000 files with one fault each: CPU to the valid ones", faulty, cpu, 3, "", many},
		{"10,000 files: wall to " + peerName(0), many, wall, 0.3, "", append(manyPeers, nil)[0]},
		{"100,000 records: peak", some, peak, 60, "MiB", nil},
		{"1,000,000 records: peak to that of 100,000 records", more, peak, 1.1, "", some},
		{"one file: wall", one, wall, 10, "ms", nil},
	}
	if len(onePeers) > 0 {
		// As a user calls it: with the schema itself, and for all errors.
		whole := *onePeers[0]
		whole.name, whole.command = "sourcemeta, oneOf of all types", []string{b.peer, "validate", "union.json", "one.json"}
		onePeers = append(onePeers, &whole)
		aims = append(aims, aim{"one file: wall to " + whole.name, one, wall, 1, "", &whole})
	}
	return []group{
		{"10,000 files", rounds, append([]*row{floor, raw, many, single, faulty}, manyPeers...)},
		{"Records of one file", rounds, append([]*row{someFloor, some, moreFloor, more}, b.peers(someFloor, records, "some.jsonl")...)},
		{"One file", rounds * startFactor, append([]*row{empty, one}, onePeers...)},
	}, aims
}

// row returns a row that is its own floor if that is nil.
func (b *bench) row(floor *row, name, program string, args ...string) *row {
	r := &row{name: name, command: append([]string{b.path(program)}, args...)}
	r.floor = cmp.Or(floor, r)
	return r
}

func (b *bench) ours(floor *row, name string, payloads int, args ...string) *row {
	r := b.row(floor, name, "atlasint", append([]string{"validate"}, args...)...)
	r.output = fmt.Sprintf(" %d payload", payloads) // the exit status reports that they are valid
	r.rejects = "bad.json"
	return r
}

// schemas are those of the other checker: the union of the API, and the schema of a single type.
var schemas = []struct{ name, file string }{
	{"oneOf of all types", "union"},
	{"DATADOG alone", "DATADOG"},
}

func peerName(schema int) string { return "sourcemeta --fast, " + schemas[schema].name }

// peers returns the rows of the other checker, one for each of schemas, or none if it is missing. The schemas are
// compiled before the measurement.
func (b *bench) peers(floor *row, payloads int, what string) (rows []*row) {
	if b.peer == "" {
		return nil
	}
	for i, s := range schemas {
		r := b.row(floor, peerName(i), "sourcemeta", "validate", "--fast", s.file+".json", "--template", s.file+".template.json", what)
		r.output, r.rejects = fmt.Sprintf("%d validated, %d passed, 0 failed", payloads, payloads), "bad.json"
		rows = append(rows, r)
	}
	return rows
}

func (b *bench) measure(g group) error {
	for round := range g.rounds + 1 {
		for _, r := range g.rows {
			run := b.once
			if round == 0 {
				run = b.warmUp
			}
			if err := run(r); err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
		}
	}
	return nil
}

// warmUp runs a row once without counting it. It checks that the program accepts all of its input and rejects an
// invalid file.
func (b *bench) warmUp(r *row) error {
	out, err := b.command(r.command).CombinedOutput()
	if err := r.ended(err); err != nil {
		return fmt.Errorf("%w\n%.2000s", err, out)
	}
	if !strings.Contains(string(out), r.output) {
		return fmt.Errorf("want %q in its output, got:\n%s", r.output, out)
	}
	if r.rejects == "" {
		return nil
	}
	bad := append(slices.Clone(r.command[:len(r.command)-1]), r.rejects)
	err = b.command(bad).Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !exit.Exited() {
		return fmt.Errorf("want an exit status other than 0 for an invalid file, got %v", err)
	}
	return nil
}

// ended returns the error of a run, nil if it ended with the status of the row.
func (r *row) ended(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == r.status {
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
func (b *bench) command(line []string) *exec.Cmd {
	cmd := exec.CommandContext(b.ctx, line[0], line[1:]...)
	cmd.Dir = b.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir}
	return cmd
}

// ownPeak returns the peak of this program in MiB, or 0 if it doesn't matter. On Linux the peak of a process starts
// with that of its parent, so a lower one can't be measured.
func ownPeak() (mib float64) {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(rest, &mib)
	return mib / (1 << 10)
}
