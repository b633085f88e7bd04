package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
)

func (g *group) print() {
	fmt.Printf("\n## %s\n\n", g.title)
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("Load of the machine at the end of these: %.4s\n\n", load)
	}
	cells := [][]string{{"Program", "CPU to floor", "wall to floor", "CPU ms", "wall ms", "peak MiB"}}
	var floor *row
	for _, r := range g.rows {
		if strings.HasPrefix(r.name, "floor") {
			floor = r
		}
		c, w, p := r.values(cpu), r.values(wall), median(r.values(peak))
		mib := number(p)
		if own := ownPeak(); p <= own {
			mib = "up to " + number(own)
		}
		cells = append(cells, []string{
			r.name, number(median(c) / median(floor.values(cpu))), number(median(w) / median(floor.values(wall))),
			number(median(c)) + " (" + spread(c) + ")", number(median(w)) + " (" + spread(w) + ")", mib})
	}
	table(cells)
}

// ownPeak returns the peak of this program in MiB, or 0 if it doesn't matter. On Linux the peak of a process starts
// with that of its parent, so a lower one can't be measured.
func ownPeak() (mib float64) {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(rest, &mib)
	return mib / (1 << 10)
}

// aim is an upper limit of a command, or of its ratio to another command if it has no unit.
type aim struct {
	text, command string
	of            func(sample) float64
	limit         float64
	unit, beside  string
}

func printAims() {
	fmt.Print("\n## Aims\n\n")
	cells := [][]string{{"Aim", "at most", "measured", "min..max by round", ""}}
	for _, a := range aims {
		cells = append(cells, a.compare())
	}
	table(cells)
}

func (a aim) compare() []string {
	limit := strings.TrimSpace(number(a.limit) + " " + a.unit)
	rounds, beside := samplesOf(a.command, a.of), samplesOf(a.beside, a.of)
	if a.beside != "" && beside == nil {
		return []string{a.text, limit, "", "", "not measured"}
	}
	value := median(rounds)
	if beside != nil {
		value /= median(beside)
		for i, v := range beside {
			rounds[i] /= v
		}
	}
	verdict := "met"
	if value > a.limit {
		verdict = "missed"
	}
	return []string{a.text, limit, strings.TrimSpace(number(value) + " " + a.unit), spread(rounds), verdict}
}

func samplesOf(command string, of func(sample) float64) (all []float64) {
	for _, g := range groups {
		for _, r := range g.rows {
			if r.command == command {
				all = r.values(of)
			}
		}
	}
	return all
}

// values returns one value for each round.
func (r *row) values(of func(sample) float64) (all []float64) {
	for _, s := range r.samples {
		all = append(all, of(s))
	}
	return all
}

func median(rounds []float64) float64 {
	all := slices.Sorted(slices.Values(rounds))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

func spread(rounds []float64) string {
	return number(slices.Min(rounds)) + ".." + number(slices.Max(rounds))
}

// number has two or three digits: more would be noise.
func number(v float64) string {
	switch {
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	case v < 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.0f", v)
}

// table prints Markdown with aligned columns.
func table(cells [][]string) {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', 0)
	for _, line := range slices.Insert(cells, 1, slices.Repeat([]string{"---"}, len(cells[0]))) {
		fmt.Fprintf(out, "| %s\t|\n", strings.Join(line, "\t| "))
	}
	out.Flush()
}
