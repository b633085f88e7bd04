package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// section is a part of the changelog for one version.
type section struct {
	version string // such as v1.2.3; empty for changes that are not released
	date    string // or unreleased
	text    string
}

// unreleased is the heading of changes after the newest version, or the date of a version without a tag.
const unreleased = "Unreleased"

var heading = regexp.MustCompile(`(?m)^## (.*)\n`)

// readChangelog returns the sections, the newest first, and the faults of their headings.
func readChangelog(text string) (sections []section, faults []string) {
	places := heading.FindAllStringSubmatchIndex(text, -1)
	for i, at := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		title := text[at[2]:at[3]]
		s := section{text: strings.TrimSpace(text[at[1]:end])}
		if title != unreleased {
			var ok bool
			s.version, s.date, ok = strings.Cut(title, " - ")
			if !ok || versionNumbers(s.version) == nil {
				faults = append(faults, fmt.Sprintf("CHANGELOG.md: %q is not a heading such as v1.2.3 - 2027-01-31", title))
				continue
			}
		}
		sections = append(sections, s)
	}
	return sections, faults
}

// checkChangelog returns the faults of the sections of a changelog. Only the first one may be unreleased.
func checkChangelog(sections []section, today time.Time) (faults []string) {
	fault := func(format string, a ...any) { faults = append(faults, "CHANGELOG.md: "+fmt.Sprintf(format, a...)) }
	var newer section
	for i, s := range sections {
		date, err := time.Parse(time.DateOnly, s.date)
		switch {
		case s.version == "" && i > 0:
			fault("the unreleased changes are not the first section")
		case s.version == "":
		case s.text == "":
			fault("the section for %s is empty", s.version)
		case s.date == unreleased && newer.version == "":
		case err != nil:
			fault("%s has the date %q; use the form 2027-01-31", s.version, s.date)
		case date.After(today):
			fault("%s has the date %s, which is in the future", s.version, s.date)
		case newer.version != "" && (newer.date < s.date || compare(newer.version, s.version) <= 0):
			fault("%s is before %s, but not newer", newer.version, s.version)
		}
		if s.version != "" {
			newer = s
		}
	}
	return faults
}

// newest returns the section of the newest version, which is the version of the tree.
func newest(sections []section) (section, error) {
	for _, s := range sections {
		if s.version != "" {
			return s, nil
		}
	}
	return section{}, fmt.Errorf("CHANGELOG.md has no heading such as v1.2.3 - 2027-01-31")
}

var versionForm = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$`)

// versionNumbers returns the three numbers of a version, or nil if it has another form.
func versionNumbers(version string) (numbers []int) {
	for _, part := range versionForm.FindStringSubmatch(version) {
		if n, err := strconv.Atoi(part); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

func compare(a, b string) int {
	x, y := versionNumbers(a), versionNumbers(b)
	return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(x[2], y[2]))
}

var relativeLink = regexp.MustCompile(`\]\(([A-Za-z][^):]*)\)`)

// notes returns the text of a section for the page of the release, where links to files need the address of the version.
func (s section) notes() string {
	return relativeLink.ReplaceAllString(s.text, "](https://"+modulePath+"/blob/"+s.version+"/$1)") + "\n"
}
