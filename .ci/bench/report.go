package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

func (g group) print() {
	fmt.Printf("\n## %s\n\n", g.title)
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Printf("Load of the machine at the end of these: %.4s\n\n", load)
	}
	cells := [][]string{{"Program", "CPU to floor", "wall to floor", "CPU ms", "wall ms", "peak MiB"}}
	for _, r := range g.rows {
		floor := r.floor
		if floor == nil {
			floor = r
		}
		cells = append(cells, []string{
			r.name,
			number(median(r.values(cpu)) / median(floor.values(cpu))),
			number(median(r.values(wall)) / median(floor.values(wall))),
			number(median(r.values(cpu))) + " (" + spread(r.values(cpu)) + ")",
			number(median(r.values(wall))) + " (" + spread(r.values(wall)) + ")",
			peakCell(median(r.values(peak))),
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

// printAims reports whether all aims are met.
func printAims(aims []aim) bool {
	fmt.Print("\n## Aims\n\n")
	cells := [][]string{{"Aim", "at most", "measured", "min..max by round", ""}}
	all := true
	for _, a := range aims {
		line, met := a.compare()
		cells = append(cells, line)
		all = all && met
	}
	table(cells)
	return all
}

func (a aim) compare() ([]string, bool) {
	limit := strings.TrimSpace(number(a.limit) + " " + a.unit)
	if a.unit == "" && a.beside == nil {
		return []string{a.text, limit, "", "", "not measured"}, false
	}
	rounds := a.row.values(a.of)
	value := median(rounds)
	if a.unit == "" {
		value /= median(a.beside.values(a.of))
		for i, v := range a.beside.values(a.of) {
			rounds[i] /= v
		}
	}
	verdict := "met"
	if value > a.limit {
		verdict = "missed"
	}
	return []string{a.text, limit, strings.TrimSpace(number(value) + " " + a.unit), spread(rounds), verdict}, value <= a.limit
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
	rule := make([]string, len(cells[0]))
	widths := make([]int, len(rule))
	for i := range rule {
		for _, line := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(line[i]), 3)
		}
		rule[i] = strings.Repeat("-", widths[i])
	}
	for _, line := range slices.Insert(cells, 1, rule) {
		for i, cell := range line {
			fmt.Printf("| %-*s ", widths[i], cell)
		}
		fmt.Println("|")
	}
}
