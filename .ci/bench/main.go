//go:build ignore

// Main measures the built command as a process, beside floors that do only what cannot be left out and
// beside the fastest other checker that npm has, and says which aims are met.
//
//	go run .ci/bench/main.go                 all of it: some 150 MB of disk, a minute or two
//	go run .ci/bench/main.go -n 15           more rounds, for a noisy machine
//	go run .ci/bench/main.go -peers=false    without npm
//	go run .ci/bench/main.go -strict         status 1 where an aim is missed or could not be measured
//
// The programs of a group take turns, so that what else the machine does falls on all of them, and ratios
// are made within one run. It is for Linux and macOS.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
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
	"unicode/utf8"
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

// What is made.

// build makes the three programs as a release is made.
func (b *bench) build() error {
	mod, err := exec.CommandContext(b.ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return fmt.Errorf("go env GOMOD: %w", err)
	}
	root := filepath.Dir(strings.TrimSpace(string(mod)))
	if err := os.Chdir(root); err != nil {
		return err
	}
	for name, source := range map[string]string{
		"atlasint": "./cmd/atlasint",
		"floor":    ".ci/bench/floor.go",
		"empty":    ".ci/bench/empty.go",
	} {
		cmd := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", b.path(name), source)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("go build %s: %w\n%s", source, err, out)
		}
	}
	return nil
}

// payload is a good one. Keys differ, so that nothing can be remembered from the file before.
func payload(i int) string {
	return fmt.Sprintf(`{
  "type": "DATADOG",
  "apiKey": "%016x%016x",
  "region": "US3",
  "sendCollectionLatencyMetrics": true,
  "sendUserProvidedResourceTags": false
}
`, uint64(i+1)*0x9e3779b97f4a7c15, uint64(i+1)*0xd1b54a32d192ed03)
}

func (b *bench) generate() error {
	for folder, region := range map[string]string{"many": "US3", "faulty": "US4"} {
		if err := os.Mkdir(b.path(folder), 0o777); err != nil {
			return err
		}
		for i := range files {
			text := strings.Replace(payload(i), "US3", region, 1)
			if err := os.WriteFile(b.path(fmt.Sprintf("%s/%05d.json", folder, i)), []byte(text), 0o666); err != nil {
				return err
			}
		}
	}
	bad := strings.Replace(payload(0), "apiKey", "apikey", 1)
	return errors.Join(
		os.WriteFile(b.path("one.json"), []byte(payload(0)), 0o666),
		os.WriteFile(b.path("bad.json"), []byte(bad), 0o666),
		b.lines("some.jsonl", records),
		b.lines("more.jsonl", moreRecords),
	)
}

func (b *bench) lines(name string, n int) error {
	file, err := os.Create(b.path(name))
	if err != nil {
		return err
	}
	defer file.Close()
	out := bufio.NewWriterSize(file, 1<<16)
	flat := strings.NewReplacer("\n", "", "  ", "")
	for i := range n {
		fmt.Fprintln(out, flat.Replace(payload(i)))
	}
	return errors.Join(out.Flush(), file.Close())
}

// findPeer installs the other checker at its pinned version, and makes its schemas.
func (b *bench) findPeer() error {
	npm := exec.CommandContext(b.ctx, "npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-fund", "--no-audit")
	npm.Dir = filepath.Join(".ci", "bench")
	if out, err := npm.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci: %w\n%s", err, bytes.TrimSpace(out))
	}
	found, err := b.native()
	if err != nil {
		return err
	}
	if err := b.writeSchemas(); err != nil {
		return err
	}
	for _, s := range schemas {
		out, err := exec.CommandContext(b.ctx, found, "compile", "--fast", "--minify", b.path(s.file+".json")).Output()
		if err != nil {
			return fmt.Errorf("sourcemeta compile: %w", err)
		}
		if err := os.WriteFile(b.path(s.file+".template.json"), out, 0o666); err != nil {
			return err
		}
	}
	b.peer = found
	return nil
}

// native finds the program inside the npm package: the script around it starts node first.
func (b *bench) native() (string, error) {
	arch := cmp.Or(map[string]string{"amd64": "x86_64"}[runtime.GOARCH], runtime.GOARCH)
	pattern := "jsonschema-" + runtime.GOOS + "-" + arch
	for _, name := range []string{pattern, pattern + "-musl"} {
		found, err := filepath.Abs(filepath.Join(".ci", "bench", "node_modules", "@sourcemeta", "jsonschema", "build", "github-releases", name))
		if err != nil {
			return "", err
		}
		if out, err := exec.CommandContext(b.ctx, found, "version").Output(); err == nil {
			fmt.Printf("sourcemeta is @sourcemeta/jsonschema %s, its native program %s.\n", bytes.TrimSpace(out), name)
			return found, nil
		}
	}
	return "", fmt.Errorf("the package has no program that runs here (%s)", pattern)
}

// writeSchemas copies the schema of each type of v2, and writes the union of all.
func (b *bench) writeSchemas() error {
	var union struct {
		Schema json.RawMessage              `json:"$schema"`
		OneOf  []map[string]json.RawMessage `json:"oneOf"`
	}
	found, err := filepath.Glob("gen/schemas/v2/*.json")
	if err != nil || len(found) == 0 {
		return errors.Join(err, errors.New("no schemas in gen/schemas/v2"))
	}
	for _, name := range found {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var member map[string]json.RawMessage
		if err := json.Unmarshal(text, &member); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(b.path(filepath.Base(name)), text, 0o666); err != nil {
			return err
		}
		union.Schema = member["$schema"]
		delete(member, "$schema")
		union.OneOf = append(union.OneOf, member)
	}
	text, err := json.Marshal(union)
	return errors.Join(err, os.WriteFile(b.path("union.json"), text, 0o666))
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

// What is printed.

func describe(rounds int) {
	fmt.Printf("%s, %s/%s, %d CPUs.\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	fmt.Printf("Rounds: %d, of one file %d. Medians (min..max). A payload is %d bytes.\n",
		rounds, rounds*startFactor, len(payload(0)))
}

func (g group) print() {
	fmt.Printf("\n## %s\n\n", g.title)
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("Load of the machine at the end of these: %.4s\n\n", load)
	}
	cells := [][]string{{"Program", "CPU to floor", "wall to floor", "CPU ms", "wall ms", "peak MiB"}}
	for _, r := range g.rows {
		cells = append(cells, []string{
			r.name,
			number(median(r, cpu) / median(r.floor, cpu)),
			number(median(r, wall) / median(r.floor, wall)),
			spread(r, cpu),
			spread(r, wall),
			peakCell(median(r, peak)),
		})
	}
	table(cells)
}

func peakCell(mib float64) string {
	if own := ownPeak(); mib <= own {
		return "up to " + number(own)
	}
	return number(mib)
}

func judge(aims []aim) bool {
	fmt.Print("\n## Aims\n\n")
	cells := [][]string{{"Aim", "at most", "measured", "min..max by round", ""}}
	all := true
	for _, a := range aims {
		line, met := a.judge()
		cells = append(cells, line)
		all = all && met
	}
	table(cells)
	return all
}

func (a aim) judge() ([]string, bool) {
	limit := strings.TrimSpace(number(a.limit) + " " + a.unit)
	if a.row == nil || a.ratio && a.beside == nil {
		return []string{a.text, limit, "", "", "not measured"}, false
	}
	value, each := median(a.row, a.of), values(a.row, a.of)
	if a.ratio {
		value /= median(a.beside, a.of)
		for i, v := range values(a.beside, a.of) {
			each[i] /= v
		}
	}
	verdict := "met"
	if value > a.limit {
		verdict = "missed"
	}
	lowest, highest := slices.Min(each), slices.Max(each)
	return []string{a.text, limit, strings.TrimSpace(number(value) + " " + a.unit), number(lowest) + ".." + number(highest), verdict}, value <= a.limit
}

func values(r *row, of func(sample) float64) []float64 {
	all := make([]float64, len(r.samples))
	for i, s := range r.samples {
		all[i] = of(s)
	}
	return all
}

func median(r *row, of func(sample) float64) float64 {
	all := slices.Sorted(slices.Values(values(r, of)))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

func spread(r *row, of func(sample) float64) string {
	all := values(r, of)
	return fmt.Sprintf("%s (%s..%s)", number(median(r, of)), number(slices.Min(all)), number(slices.Max(all)))
}

// number shows two or three digits, which is all that a busy machine can tell.
func number(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// table prints Markdown that reads well as plain text too.
func table(cells [][]string) {
	widths := make([]int, len(cells[0]))
	for _, line := range cells {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	for n, line := range cells {
		for i, cell := range line {
			fmt.Printf("| %-*s ", widths[i], cell)
		}
		fmt.Println("|")
		if n > 0 {
			continue
		}
		for _, width := range widths {
			fmt.Print("|", strings.Repeat("-", width+2))
		}
		fmt.Println("|")
	}
}
