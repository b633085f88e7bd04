// Package baseline keeps the known findings of a repository in a file, so that a report lists new ones only.
//
// An entry identifies its finding by the fingerprint, which depends on the place of the finding and not on any value.
// No entry has a message or a value.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// version is the version of the format.
const version = 1

// maxSize is the maximum size of a baseline in bytes. A report lists fewer findings.
const maxSize = 16 << 20

// fingerprintBytes is the length of a fingerprint, which has two digits for each byte.
const fingerprintBytes = 16

// Entry is a known finding.
type Entry struct {
	Fingerprint string `json:"fingerprint"`
	File        string `json:"file"` // its path from the folder of the baseline, with slashes
	Rule        string `json:"rule"`
	Type        string `json:"type,omitempty"`
	Pointer     string `json:"pointer"`
}

// String returns the place and the rule of the finding as safe text.
func (e Entry) String() string {
	return fmt.Sprintf("%s: %s [%s]", redact.Path(e.File), cmp.Or(redact.Pointer(e.Pointer), "the payload"), redact.Plain(e.Rule))
}

// document is the contents of a baseline file.
type document struct {
	Version  int     `json:"version"`
	Findings []Entry `json:"findings"`
}

// Baseline is the known findings of a file. It is not safe for concurrent use.
type Baseline struct {
	File    string
	entries []Entry
	found   map[string]bool // by fingerprint: whether a finding has it
	folder  folder
}

// Read reads a baseline. The error is a [problem.Input] for a file that is not a baseline, a [problem.Failure] for one
// that can't be read.
func Read(file string) (*Baseline, error) {
	data, err := readfile.Regular(file, maxSize)
	if err != nil {
		return nil, problem.Failuref("can't read the baseline %s: %w", redact.Path(file), problem.Cause(err))
	}
	if other := otherVersion(data); other != 0 {
		return nil, problem.Inputf("can't read the baseline %s: its format version is %d, and this atlasint reads version %d",
			redact.Path(file), other, version)
	}
	b, err := decode(data)
	if err != nil {
		return nil, problem.Inputf("%s is not a baseline: %w", redact.Path(file), err)
	}
	b.File, b.folder = file, folderOf(file)
	return b, nil
}

// otherVersion returns the version of a baseline in a format that this package can't read, which may have any other
// members; 0 for anything else, such as a payload or a report. Without findings, nothing identifies a baseline that has
// other members.
func otherVersion(data []byte) int {
	var d struct {
		Version  int `json:"version"`
		Findings []struct {
			Fingerprint string `json:"fingerprint"`
		} `json:"findings"`
	}
	members := membersOf(data)
	if json.Unmarshal(data, &d) != nil || d.Findings == nil || d.Version < 1 || d.Version == version || isReport(members) ||
		len(d.Findings) == 0 && len(members) > 2 {
		return 0
	}
	for _, f := range d.Findings {
		if f.Fingerprint == "" {
			return 0
		}
	}
	return d.Version
}

// membersOf returns the members of a JSON object, nil for anything else.
func membersOf(data []byte) (members map[string]json.RawMessage) {
	if json.Unmarshal(data, &members) != nil {
		return nil
	}
	return members
}

// isReport reports whether the members are those of a report of findings in the format json or sarif.
func isReport(members map[string]json.RawMessage) bool {
	return members["summary"] != nil && members["findings"] != nil || members["runs"] != nil
}

// decode returns the baseline in the data, or an error with the reason why it is none.
func decode(data []byte) (*Baseline, error) {
	members := membersOf(data)
	switch {
	case members == nil:
		return nil, errors.New("not a JSON document of its format")
	case isReport(members):
		return nil, errors.New("it is a report")
	case members["version"] == nil:
		return nil, errors.New("it has no version of the format")
	case members["findings"] == nil:
		return nil, errors.New("it has no findings")
	}
	var d document
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil || d.Version != version || d.Findings == nil {
		return nil, errors.New("not a JSON document of its format")
	}
	b := &Baseline{entries: d.Findings, found: map[string]bool{}}
	for i, e := range d.Findings {
		if raw, err := hex.DecodeString(e.Fingerprint); err != nil || len(raw) != fingerprintBytes {
			return nil, fmt.Errorf("entry %d has no fingerprint", i+1)
		}
		b.found[e.Fingerprint] = false
	}
	return b, nil
}

// Name returns the name in the baseline for an input with a name in reports.
func (b *Baseline) Name(name string) string { return b.folder.nameOf(name) }

// Has reports whether a finding with this fingerprint is known, and remembers that it was found.
func (b *Baseline) Has(fingerprint string) bool {
	_, known := b.found[fingerprint]
	if known {
		b.found[fingerprint] = true
	}
	return known
}

// Unused are the entries of a baseline that a run had no finding for.
type Unused struct {
	Expired []Entry // the finding is corrected, or the file no longer exists
	Off     []Entry // the rule is off for the file in this run, so that the finding may still be there
}

// Unused returns the entries without a finding in a report that used the baseline: of the files that the report has
// completely, and of files that don't exist. The function isOff reports whether a rule is off for a file of the report.
func (b *Baseline) Unused(r *report.Report, isOff func(file, rule string) bool) (u Unused) {
	complete, names := map[string]bool{}, map[string]string{}
	for _, f := range r.Files {
		name := b.Name(f.Name)
		complete[name], names[name] = !f.Truncated, f.Name
	}
	for _, f := range r.Failures {
		complete[b.Name(f.File)] = false
	}
	for _, e := range b.entries {
		is, reported := complete[e.File]
		switch {
		case b.found[e.Fingerprint] || !is && (reported || !b.folder.lacks(e.File)):
		case is && isOff(names[e.File], e.Rule):
			u.Off = append(u.Off, e)
		default:
			u.Expired = append(u.Expired, e)
		}
	}
	return u
}

// maxExpired is the number of expired entries that are listed.
const maxExpired = 10

// Text returns the unused entries of a baseline as lines for people, none if there are none.
func (b *Baseline) Text(u Unused) (lines []string) {
	for i, e := range u.Expired {
		if i == maxExpired {
			lines = append(lines, fmt.Sprintf("and %d more", len(u.Expired)-maxExpired))
			break
		}
		line := "expired: " + e.String()
		if b.folder.lacks(e.File) {
			line += ": there is no such file"
		}
		lines = append(lines, line)
	}
	file := redact.Path(b.File)
	switch n := len(u.Expired); n {
	case 0:
	case 1:
		lines = append(lines, file+": 1 entry is expired; write the baseline again to remove it")
	default:
		lines = append(lines, fmt.Sprintf("%s: %d entries are expired; write the baseline again to remove them", file, n))
	}
	var rules []string
	for _, e := range u.Off {
		rules = append(rules, redact.Plain(e.Rule))
	}
	slices.Sort(rules)
	switch n := len(u.Off); n {
	case 0:
	case 1:
		lines = append(lines, file+": 1 entry is of a rule that is off in this run: "+rules[0])
	default:
		lines = append(lines, fmt.Sprintf("%s: %d entries are of rules that are off in this run: %s", file, n,
			strings.Join(slices.Compact(rules), ", ")))
	}
	return lines
}

// Check returns an error if a file exists that is not a baseline, of this or another version of the format, so that
// [Write] never overwrites a payload.
func Check(file string) error {
	if err := savefile.CheckName(file); err != nil {
		return err
	}
	if _, err := os.Lstat(file); os.IsNotExist(err) {
		return nil
	}
	data, err := readfile.Regular(file, maxSize)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return problem.Inputf("can't replace %s: %w", redact.Path(file),
			problem.Worded("it is a link to a missing file; name another file, or delete the link", err))
	case err != nil:
		return problem.Inputf("can't replace %s: %w", redact.Path(file), problem.Cause(err))
	}
	if _, err := decode(data); err != nil && otherVersion(data) == 0 {
		if isReport(membersOf(data)) {
			return problem.Inputf("can't replace %s: it is a report; name another file for the baseline", redact.Path(file))
		}
		return problem.Inputf("can't replace %s: it is not a baseline; name another file, or delete it", redact.Path(file))
	}
	return nil
}

// Write writes a baseline with all findings of a report, sorted by file, and returns their number. The report must list
// all its findings.
func Write(file string, r *report.Report) (int, error) {
	d := document{Version: version, Findings: []Entry{}}
	for _, f := range r.FindingsAs(folderOf(file).nameOf) {
		d.Findings = append(d.Findings, Entry{f.Fingerprint, f.File, f.Rule, f.Type, f.Pointer})
	}
	slices.SortFunc(d.Findings, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Pointer, b.Pointer),
			cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	var out bytes.Buffer
	if err := report.Encode(&out, d); err != nil {
		return 0, problem.Failuref("can't write %s: %w", redact.Path(file), err)
	}
	return len(d.Findings), savefile.Save(file, out.Bytes(), true)
}
