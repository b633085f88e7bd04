package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"
)

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
