// Main measures the built command as a process, beside floors that do only what cannot be left out and
// beside the fastest other checker that npm has, and says which aims are met.
//
//	go run ./.ci/bench                 all of it: some 150 MB of disk, a minute or two
//	go run ./.ci/bench -n 15           more rounds, for a noisy machine
//	go run ./.ci/bench -peers=false    without npm
//	go run ./.ci/bench -strict         status 1 where an aim is missed or could not be measured
//
// The programs of a group take turns, so that what else the machine does falls on all of them, and ratios
// are made within one run: hyperfine runs each program's rounds in one block, and 1.15 measures no memory. It is
// for Linux and macOS.
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

const (
	files       = 10_000
	records     = 100_000
	moreRecords = 1_000_000

	// One short process says little, and costs little: the rounds of one file are more by this factor.
	startFactor = 7
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	rounds := flag.Int("n", 7, "rounds that count; one more goes before them")
	peers := flag.Bool("peers", true, "measure other checkers too (needs npm)")
	strict := flag.Bool("strict", false, "end with status 1 where an aim is missed or could not be measured")
	flag.Parse()
	debug.SetGCPercent(10) // see ownPeak
	if *rounds < 1 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	met, err := run(ctx, *rounds, *peers)
	stop()
	if err != nil {
		log.Fatal(err)
	}
	if *strict && !met {
		os.Exit(1)
	}
}

// run tells whether every aim was measured and met.
func run(ctx context.Context, rounds int, peers bool) (bool, error) {
	dir, err := os.MkdirTemp("", "atlasint-bench-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	b := &bench{ctx: ctx, dir: dir}
	if err := b.build(); err != nil {
		return false, err
	}
	if err := b.generate(); err != nil {
		return false, err
	}
	if peers {
		if err := b.findPeer(); err != nil {
			fmt.Printf("No other checker is measured: %v.\n", err)
		}
	}
	groups, aims := b.plan(rounds)
	describe(rounds)
	for _, g := range groups {
		if err := b.measure(g); err != nil {
			return false, err
		}
		g.print()
	}
	return judge(aims), nil
}

// What is measured.

// bench is one run: all that it makes lies in dir, where the programs run too, out of reach of any
// configuration of the tree.
type bench struct {
	ctx  context.Context
	dir  string
	peer string // another checker's program, "" where there is none
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
	says    string // what its output holds where it did all of the work
	refuses string // an invalid file that it must refuse instead of its last argument, "" for a floor
	status  int    // its exit status
	floor   *row   // what its ratios are to
	samples []sample
}

type sample struct {
	cpu, wall time.Duration
	peak      int64 // bytes
}

// aim is a limit to what is measured of a row, or to its ratio to the same of another row. A nil row was
// not measured.
type aim struct {
	text   string
	row    *row
	beside *row
	ratio  bool
	of     func(sample) float64
	limit  float64
	unit   string
}

func cpu(s sample) float64  { return milliseconds(s.cpu) }
func wall(s sample) float64 { return milliseconds(s.wall) }
func peak(s sample) float64 { return float64(s.peak) / (1 << 20) }

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func (b *bench) plan(rounds int) (groups []group, aims []aim) {
	for _, plan := range []func(int) (group, []aim){b.planMany, b.planLines, b.planOne} {
		g, more := plan(rounds)
		groups, aims = append(groups, g), append(aims, more...)
	}
	return groups, aims
}

func (b *bench) planMany(rounds int) (group, []aim) {
	title := thousands(files) + " files"
	floor := b.floor("floor: open, read, close", "floor", "many")
	raw := b.floor("the same without package os", "floor", "-raw", "many")
	raw.floor = floor
	ours := b.ours(floor, "atlasint validate DIR", files, "many")
	single := b.ours(floor, "atlasint validate --jobs 1 DIR", files, "--jobs", "1", "many")
	peers := b.peers(floor, files, "many")
	faulty := b.ours(floor, "atlasint validate DIR, one fault in each", files, "faulty")
	faulty.says, faulty.refuses, faulty.status = fmt.Sprintf(": %d errors", files), "", 1
	aims := []aim{
		{text: title + ": CPU to the floor", row: ours, beside: floor, ratio: true, of: cpu, limit: 2},
		{text: title + " with one fault each: CPU to the valid ones", row: faulty, beside: ours, ratio: true, of: cpu, limit: 3},
	}
	aims = append(aims, toPeer(title, ours, peers, 0.3))
	return group{title, rounds, append([]*row{floor, raw, ours, single, faulty}, peers...)}, aims
}

func (b *bench) planLines(rounds int) (group, []aim) {
	few, many := thousands(records)+" records", thousands(moreRecords)+" records"
	floor := b.floor("floor, "+few, "floor", "some.jsonl")
	some := b.ours(floor, "atlasint validate, "+few, records, "some.jsonl")
	peers := b.peers(floor, records, "some.jsonl")
	moreFloor := b.floor("floor, "+many, "floor", "more.jsonl")
	more := b.ours(moreFloor, "atlasint validate, "+many, moreRecords, "more.jsonl")
	return group{"Records of one file", rounds, append([]*row{floor, some, moreFloor, more}, peers...)}, []aim{
		{text: few + ": peak", row: some, of: peak, limit: 60, unit: "MiB"},
		{text: many + ": peak to that of " + few, row: more, beside: some, ratio: true, of: peak, limit: 1.1},
	}
}

func (b *bench) planOne(rounds int) (group, []aim) {
	floor := b.floor("empty Go program", "empty")
	ours := b.ours(floor, "atlasint validate FILE", 1, "one.json")
	peers := b.peers(floor, 1, "one.json")
	aims := []aim{{text: "one file: wall", row: ours, of: wall, limit: 10, unit: "ms"}}
	if b.peer != "" {
		// As a user calls it: by the schema itself, and for all that is wrong.
		whole := *peers[0]
		whole.name, whole.command = "sourcemeta, oneOf of all types", []string{b.peer, "validate", "union.json", "one.json"}
		peers = append(peers, &whole)
		aims = append(aims, aim{text: "one file: wall to " + whole.name, row: ours, ratio: true, of: wall, limit: 1, beside: &whole})
	}
	return group{"One file", rounds * startFactor, append([]*row{floor, ours}, peers...)}, aims
}

// toPeer is an aim beside the peer that is asked the same question as we are, the union, be it there or not.
func toPeer(title string, ours *row, peers []*row, limit float64) aim {
	a := aim{text: title + ": wall to sourcemeta --fast, " + schemas[0].name, row: ours, ratio: true, of: wall, limit: limit}
	if len(peers) > 0 {
		a.beside = peers[0]
	}
	return a
}

func (b *bench) floor(name, program string, args ...string) *row {
	r := &row{name: name, command: append([]string{b.path(program)}, args...)}
	r.floor = r
	return r
}

func (b *bench) ours(floor *row, name string, payloads int, args ...string) *row {
	return &row{
		name:    name,
		command: append([]string{b.path("atlasint"), "validate"}, args...),
		says:    fmt.Sprintf(" %d payload", payloads), // its status says that they are good
		refuses: "bad.json",
		floor:   floor,
	}
}

// schemas are what the other checker judges by: the union that the API describes, and the one schema that
// a user who knows the type would choose.
var schemas = []struct{ name, file string }{
	{"oneOf of all types", "union"},
	{"DATADOG alone", "DATADOG"},
}

// peers are the other checker's rows, one for each of schemas; none where it is not there. The schemas were
// compiled before, at no cost to it.
func (b *bench) peers(floor *row, payloads int, what string) (rows []*row) {
	for _, s := range schemas {
		rows = append(rows, &row{
			name:    "sourcemeta --fast, " + s.name,
			command: []string{b.peer, "validate", "--fast", s.file + ".json", "--template", s.file + ".template.json", what},
			says:    fmt.Sprintf("%d validated, %d passed, 0 failed", payloads, payloads),
			refuses: "bad.json",
			floor:   floor,
		})
	}
	if b.peer == "" {
		return nil
	}
	return rows
}

// How it is measured.

func (b *bench) measure(g group) error {
	for _, r := range g.rows {
		if err := b.warmUp(r); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	for range g.rounds {
		for _, r := range g.rows {
			s, err := b.once(r)
			if err != nil {
				return fmt.Errorf("%s: %w", r.name, err)
			}
			r.samples = append(r.samples, s)
		}
	}
	return nil
}

// warmUp runs a row once, uncounted, and sees that it does its work: it accepts all of its input, and it
// refuses what is not valid.
func (b *bench) warmUp(r *row) error {
	out, err := b.command(r.command).CombinedOutput()
	if err := r.ended(err); err != nil {
		return fmt.Errorf("%w\n%.2000s", err, out)
	}
	if !strings.Contains(string(out), r.says) {
		return fmt.Errorf("want %q in its output, got:\n%s", r.says, out)
	}
	if r.refuses == "" {
		return nil
	}
	bad := append(slices.Clone(r.command[:len(r.command)-1]), r.refuses)
	err = b.command(bad).Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || !exit.Exited() {
		return fmt.Errorf("want an exit status other than 0 for an invalid file, got %v", err)
	}
	return nil
}

// ended is the error of a run, nil if it ended with the status of the row.
func (r *row) ended(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == r.status {
		return nil
	}
	return err
}

// once runs a row to its end, its output thrown away, and asks the system what that took.
func (b *bench) once(r *row) (sample, error) {
	cmd := b.command(r.command)
	start := time.Now()
	if err := r.ended(cmd.Run()); err != nil {
		return sample{}, err
	}
	took := time.Since(start)
	state := cmd.ProcessState
	return sample{state.UserTime() + state.SystemTime(), took, rss(state.SysUsage().(*syscall.Rusage))}, nil
}

// command runs in dir with an environment that says nothing about how to run a Go program.
func (b *bench) command(line []string) *exec.Cmd {
	cmd := exec.CommandContext(b.ctx, line[0], line[1:]...)
	cmd.Dir = b.dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir}
	return cmd
}

func rss(usage *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

// ownPeak is this program's peak in MiB, 0 where it does not matter. On Linux a process begins its count
// with the peak of the one that started it, so that a lower one cannot be seen.
func ownPeak() (mib float64) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %f kB", &mib); err == nil {
			return mib / (1 << 10)
		}
	}
	return 0
}
