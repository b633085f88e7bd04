package drift

import (
	"fmt"
	"slices"
	"strings"
)

// ledgerEntry is one line of the ledger: a value of our document that differs from a source, and the reason.
type ledgerEntry struct {
	Line    int    // from 1
	Key     string // API version, subject and attribute; a star matches any text
	Sources string // the value in each source: "NAME: VALUE; NAME: VALUE"
	Ours    string
	Why     string
}

// Attribute returns the last word of the key.
func (e ledgerEntry) Attribute() string { return e.Key[strings.LastIndex(e.Key, " ")+1:] }

// Official returns the value in the official OpenAPI document according to the line, and reports whether the line has
// it.
func (e ledgerEntry) Official() (value string, ok bool) {
	for source := range strings.SplitSeq(e.Sources, "; ") {
		name, value, _ := strings.Cut(source, ": ")
		if slices.Contains([]string{"official", "2023-01-01", "openapi-v1-deprecated"}, name) {
			return value, true
		}
	}
	return "", false
}

// byNote is the reason in a line that refers to the x-evidence of our document.
const byNote = "x-evidence"

// readLedger parses lines of the form "version subject attribute | source: value | ours | why". It ignores empty lines
// and lines that begin with #. An error contains the line number.
func readLedger(data []byte) ([]ledgerEntry, error) {
	var entries []ledgerEntry
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, " | ")
		if len(cells) != 4 || len(strings.Fields(cells[0])) < 3 || slices.Contains(cells, "") {
			return nil, fmt.Errorf("ledger, line %d: expected: API-version thing attribute | source: value | ours | why", n)
		}
		entries = append(entries, ledgerEntry{n, cells[0], cells[1], cells[2], cells[3]})
	}
	return entries, nil
}

// explain adds the reasons to the differences. For a complete document it also records the unused lines.
func (r *Result) explain(ledger []ledgerEntry, full bool) {
	for _, e := range ledger {
		value, ok := e.Official()
		if !ok || !strings.HasPrefix(e.Key, r.APIVersion+" ") || slices.Contains(beyond, e.Attribute()) {
			continue
		}
		used := false
		for i := range r.Differences {
			d := &r.Differences[i]
			if d.Official == value && d.Ours == e.Ours && d.matches(e.Key) {
				d.Reason, used = e.reason(d), true
			}
		}
		if full && !used {
			r.Unused = append(r.Unused, Unused{e.Line, strings.Join([]string{e.Key, e.Sources, e.Ours}, " | ")})
		}
	}
}

// beyond are the attributes of the ledger that no OpenAPI document contains.
var beyond = []string{"since", "mask", "secret", "server-pattern", "in-responses"}

func (e ledgerEntry) reason(d *Difference) string {
	if e.Why == byNote {
		return d.note
	}
	return e.Why
}

func (d *Difference) key() string {
	return strings.Join(slices.Concat([]string{d.APIVersion}, d.path, []string{d.Attribute}), " ")
}

// matches reports whether the key of a line matches the difference. A field of any type matches a line about one type.
func (d *Difference) matches(key string) bool {
	if parts := strings.SplitN(key, " ", 3); len(d.path) > 1 && d.path[0] == anyType && len(parts) == 3 {
		key = strings.Join([]string{parts[0], anyType, parts[2]}, " ")
	}
	return matches(key, d.key())
}

// matches reports whether a pattern matches the whole of s. Each star in the pattern matches any text.
func matches(pattern, s string) bool {
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	if !strings.HasPrefix(s, first) {
		return false
	}
	for i := len(first); i <= len(s); i++ {
		if matches(rest, s[i:]) {
			return true
		}
	}
	return false
}
