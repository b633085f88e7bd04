package serving

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/validate"
)

// seed is a payload that is stored before a server starts.
type seed struct {
	file, project string
	data          []byte
	payload       *validate.Document // set by [checkSeeds]
}

// readSeeds reads and validates the payloads of --seed-dir; "" has none. It passes a text about ignored payloads and
// folders to note. If a payload is invalid, it writes the report r of all to w and returns an error without a text.
func readSeeds(folder string, groups []string, w io.Writer, r report.Report, note func(string)) ([]seed, error) {
	if folder == "" {
		return nil, nil
	}
	var ignored ignoredPaths
	seeds, err := findSeeds(folder, groups, &ignored)
	if err != nil {
		return nil, err
	}
	for _, text := range ignored.texts() {
		note(text)
	}
	if len(seeds) == 0 {
		return nil, problem.Inputf("the folder %s has no payloads; put them at PROJECT-ID/NAME.json below it", redact.Path(folder))
	}
	seeds, err = checkSeeds(seeds, func(file string, result validate.Result) { r.Add(file, withSeedHints(result)) })
	if err != nil {
		return nil, err
	}
	if r.Summary.Errors == 0 {
		return seeds, checkDuplicates(seeds)
	}
	if err := report.Text(w, &r); err != nil {
		return nil, problem.Report(err)
	}
	return nil, problem.Printed(problem.Finding)
}

// ignoredPaths are files and folders that may have been meant as seeds.
type ignoredPaths struct {
	elsewhere []string // not in the folder of a project
	lines     []string // NDJSON in the folder of a project
	folders   []string // in the folder of a project
}

// texts returns a text for each reason to ignore paths.
func (p *ignoredPaths) texts() (texts []string) {
	for _, group := range []struct {
		paths  []string
		reason string
	}{
		{p.elsewhere, "not at PROJECT-ID/NAME.json below --seed-dir; a project ID has " + atlas.IDForm},
		{p.lines, "NDJSON is not read; " + ownFile},
		{p.folders, "a folder in that of a project is not read; move its payloads to PROJECT-ID/NAME.json"},
	} {
		if n := len(group.paths); n > 0 {
			texts = append(texts, "ignored "+redact.Path(group.paths[0])+words.AndMore(n-1)+": "+group.reason)
		}
	}
	return texts
}

// findSeeds reads the files PROJECT-ID/NAME.json below a folder. If groups has project IDs, other projects are an
// error. It adds the payload files and folders that it does not read to ignored.
func findSeeds(folder string, groups []string, ignored *ignoredPaths) (seeds []seed, err error) {
	projects, err := visibleNames(folder)
	if err != nil {
		return nil, err
	}
	for _, name := range projects {
		dir := filepath.Join(folder, name)
		info, err := os.Stat(dir)
		isFolder := err == nil && info.IsDir()
		switch {
		case !atlas.IsID(name) && (isFolder || isSeed(name) || isLines(name)):
			ignored.elsewhere = append(ignored.elsewhere, dir)
			continue
		case !atlas.IsID(name) || err == nil && !isFolder:
			continue
		case err != nil:
			return nil, problem.Failuref("can't read %s: %w", redact.Path(dir), problem.Cause(err))
		case len(groups) > 0 && !slices.Contains(groups, name):
			return nil, problem.Inputf("the project of the folder %s does not exist; add --group %s", redact.Path(dir), name)
		}
		more, err := projectSeeds(dir, name, ignored)
		if err != nil {
			return nil, err
		}
		seeds = append(seeds, more...)
	}
	return seeds, nil
}

func projectSeeds(dir, project string, ignored *ignoredPaths) (seeds []seed, err error) {
	names, err := visibleNames(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		file := filepath.Join(dir, name)
		if !isSeed(name) {
			info, err := os.Stat(file)
			switch {
			case err == nil && info.IsDir():
				ignored.folders = append(ignored.folders, file)
			case isLines(name):
				ignored.lines = append(ignored.lines, file)
			}
			continue
		}
		data, err := readfile.Head(file, atlas.MaxPayload+1) // enough to see that it is too large
		if errors.Is(err, readfile.ErrNotRegular) || errors.Is(err, syscall.EISDIR) {
			return nil, problem.Failuref("can't read %s: %w; remove it, or rename it", redact.Path(file), readfile.ErrNotRegular)
		}
		if err != nil {
			return nil, problem.Failuref("can't read %s: %w", redact.Path(file), problem.Cause(err))
		}
		seeds = append(seeds, seed{file: file, project: project, data: data})
	}
	return seeds, nil
}

func isSeed(name string) bool { return isJSON(name) || yamlpos.IsName(name) }

func isJSON(name string) bool { return strings.EqualFold(filepath.Ext(name), ".json") }

// isLines reports whether a file contains NDJSON, by its name.
func isLines(name string) bool { return validate.ByName.Of(name) == validate.Lines }

// visibleNames lists the names in a folder that do not begin with a dot, sorted.
func visibleNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, problem.Failuref("can't read the folder %s: %w", redact.Path(dir), problem.Cause(err))
	}
	var names []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// checkSeeds validates the payloads of files for v2, or for v1.0 if only v1.0 has their type. It passes the result of
// each file to add, and returns a seed for each payload.
func checkSeeds(files []seed, add func(file string, r validate.Result)) ([]seed, error) {
	validators := map[string]*validate.Validator{}
	for _, apiVersion := range atlas.Versions() {
		v, err := validate.New(validate.Options{
			APIVersion: apiVersion, Literals: true, Snippets: true, Documents: true, MaxFindings: validation.MaxListed,
		})
		if err != nil {
			return nil, problem.Of(problem.Failure, err)
		}
		validators[apiVersion] = v
	}
	var seeds []seed
	for _, s := range files {
		result, err := checkSeed(validators, s)
		if err != nil {
			return nil, problem.Failuref("can't read %s: %w", redact.Path(s.file), problem.Cause(err))
		}
		hintAtReferences(result.Findings, s.data)
		add(s.file, result)
		for i := range result.Documents {
			seeds = append(seeds, seed{s.file, s.project, nil, &result.Documents[i]})
		}
	}
	return seeds, nil
}

const ownFile = "write each payload into a file of its own"

// withSeedHints replaces the hints of findings that don't fit seeds, which have no flags and no NDJSON, and those that
// name a command. It changes r.Findings.
func withSeedHints(r validate.Result) validate.Result {
	for i := range r.Findings {
		switch f := &r.Findings[i]; {
		case f.Suggestion.Layout == validate.Array, f.Suggestion.Layout == validate.Lines:
			f.Hint = ownFile
		case f.Rule == "too-large":
			f.Hint = "payloads of Atlas are smaller than 32 KiB; " + ownFile
		case f.Suggestion.Format == "response", f.Suggestion.Format == "resource":
			f.Hint = validation.FlagHint(*f)
		}
	}
	return r
}

// hintAtReferences sets the hint of each error about a value with a reference, which a server stores as it is.
func hintAtReferences(findings []validate.Finding, data []byte) {
	places := expand.Locate(data)
	lines := jsonpos.NewLines(data)
	for i := range findings {
		f := &findings[i]
		for _, at := range places {
			line, column := lines.Position(at.Start)
			begins := line > f.Line || line == f.Line && column >= f.Column
			ends := line < f.EndLine || line == f.EndLine && column < f.EndColumn
			if begins && ends && f.Severity == validate.Error {
				f.Hint = "references in seeds are not replaced; write a test value"
			}
		}
	}
}

// checkSeed validates the payloads of one file.
func checkSeed(validators map[string]*validate.Validator, s seed) (validate.Result, error) {
	v2, err := validators[schemas.V2].CheckReader(s.file, bytes.NewReader(s.data), validate.ByName)
	if err != nil || len(v2.Documents) == v2.Payloads { // v2 has the types of all payloads
		return v2, err
	}
	v1, err := validators[schemas.V1].CheckReader(s.file, bytes.NewReader(s.data), validate.ByName)
	if err != nil {
		return v2, err
	}
	if ofV1 := onlyV1(v2, v1); len(ofV1) > 0 {
		return combined(v2, v1, ofV1), nil
	}
	return v2, nil
}

// onlyV1 returns the records whose type only v1.0 has.
func onlyV1(v2, v1 validate.Result) map[int]bool {
	records := map[int]bool{}
	for _, d := range v1.Documents {
		records[d.Record] = true
	}
	for _, d := range v2.Documents {
		delete(records, d.Record)
	}
	return records
}

// combined returns the findings and documents of these records in v1, and those of the others in v2.
func combined(v2, v1 validate.Result, ofV1 map[int]bool) validate.Result {
	r := validate.Result{Payloads: v2.Payloads}
	for _, from := range []struct {
		validate.Result
		isV1 bool
	}{{v2, false}, {v1, true}} {
		for _, d := range from.Documents {
			if ofV1[d.Record] == from.isV1 {
				r.Documents = append(r.Documents, d)
			}
		}
		for _, f := range from.Findings {
			if ofV1[f.Record] != from.isV1 {
				continue
			}
			r.Findings = append(r.Findings, f)
			if f.Severity == validate.Error {
				r.Errors++
			} else {
				r.Warnings++
			}
		}
	}
	slices.SortStableFunc(r.Documents, func(a, b validate.Document) int { return cmp.Compare(a.Record, b.Record) })
	slices.SortStableFunc(r.Findings, func(a, b validate.Finding) int { return cmp.Compare(a.Record, b.Record) })
	return r
}

// checkDuplicates returns an error if a project has two payloads of one type: the second one could not be created.
func checkDuplicates(seeds []seed) error {
	type slot struct{ project, typ string }
	first := map[slot]string{}
	for _, s := range seeds {
		at := slot{s.project, s.payload.Type}
		if other, taken := first[at]; taken {
			return problem.Findingf("the project has %s in %s and in %s; keep one of them", s.payload.Type, redact.Path(other), redact.Path(s.file))
		}
		first[at] = s.file
	}
	return nil
}

// storeSeeds stores valid payloads. If the store outlasts the server, an integration that exists is kept: an
// earlier server may have stored and changed it.
func storeSeeds(fake *fakeatlas.Server, seeds []seed, lasting bool) error {
	for _, s := range seeds {
		err := fake.Seed(s.project, s.payload)
		if err != nil && !(lasting && errors.Is(err, store.ErrExists)) {
			return problem.Failuref("can't store %s: %w", redact.Path(s.file), err)
		}
	}
	return nil
}
