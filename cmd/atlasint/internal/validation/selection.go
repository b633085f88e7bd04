package validation

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

// Selection is the set of files that paths and the configuration select.
type Selection struct {
	Config   *workspace.Config
	Paths    []string              // the arguments and the lines of --files-from
	Files    []string              // to validate
	Excluded []string              // files below the paths that match exclude in the configuration
	named    []string              // those of Excluded that are paths themselves, as pre-commit names them
	emptied  []workspace.PathMatch // folders and patterns of which exclude matches all files
	unread   []string              // YAML files below the paths, if YAML is not read there
	inputs   []input               // other files that the run reads
	stdin    stdinReferences
}

// stdinReferences finds a reference to the output in the payload of standard input, while it is validated.
type stdinReferences struct {
	path   string           // of standard input for the configuration; "" if it has none
	name   string           // of standard input in reports
	output string           // with its flag
	finder *referenceFinder // nil if there is nothing to find
}

// input is a file of a flag that a run reads or names.
type input struct{ flag, file string }

// addInputs adds the files of flags besides the paths.
func (s *Selection) addInputs(settings *Settings, filesFrom string) {
	s.inputs = []input{{"--files-from", filesFrom}, {"--stdin-filename", settings.StdinName}}
	s.stdin.path = settings.StdinName
	s.stdin.name = settings.reportName(workspace.Stdin)
	for _, file := range settings.Schemas {
		s.inputs = append(s.inputs, input{"--schema", file})
	}
}

// selectFiles expands paths and reads the configuration: the named file, or the nearest one if config is "". If
// apiIsFixed, the API version of the settings takes precedence over the configuration, also in the other methods.
func (s *Settings) selectFiles(paths []string, config string, apiIsFixed bool) (*Selection, error) {
	s.apiIsFixed = apiIsFixed
	cfg, err := workspace.FindConfig(config)
	if err != nil {
		return nil, err
	}
	found, distinct, err := workspace.Expand(paths, cfg.ReadsYAML())
	if err != nil {
		return nil, err
	}
	sel := &Selection{Config: cfg, Paths: paths}
	seen := map[string]bool{} // whether exclude matches the file
	dir, _ := os.Getwd()      // if it fails, absolute paths are kept
	for _, path := range found {
		sel.add(dir, path, s.named, seen)
		for _, file := range path.Unread {
			sel.unread = append(sel.unread, shown(dir, file))
		}
	}
	// A file is validated twice only by both API versions, or by different schemas.
	if !distinct {
		sel.Files = workspace.Unique(sel.Files, func(file string) string { return s.variantOf(sel.Config, file).key() })
	}
	return sel, nil
}

// add adds the files of one path by their names below dir, each name once. Patterns of the configuration match the name
// of a file.
func (s *Selection) add(dir string, f workspace.PathMatch, name func(file string) string, seen map[string]bool) {
	left := 0
	for _, file := range f.Files {
		file = shown(dir, file)
		excluded, known := seen[file]
		if !known {
			excluded = s.Config.Excludes(name(file))
			seen[file] = excluded
		}
		switch {
		case !excluded:
			left++
		case f.Named():
			s.named = append(s.named, name(file))
		}
		switch {
		case known:
		case excluded:
			s.Excluded = append(s.Excluded, file)
		default:
			s.Files = append(s.Files, file)
		}
	}
	if left == 0 && !f.Named() {
		s.emptied = append(s.emptied, f)
	}
}

// excluders returns the configurations whose exclude matches the files, such as A and B.
func (s *Selection) excluders(files []string) string {
	var configs []string
	for _, file := range files {
		if config := s.Config.ExcludedBy(file); !slices.Contains(configs, config) {
			configs = append(configs, config)
		}
	}
	return strings.Join(configs, " and ")
}

// checkSkipped returns an error if exclude leaves nothing of a folder or a pattern, as for a pattern without matches.
// It passes a text about excluded files that were named to note: pre-commit names them, so they are not an error. It
// does the same for a payload below a folder that is not read.
func (s *Selection) checkSkipped(note func(string)) error {
	if len(s.emptied) > 0 {
		return problem.Inputf("no files to check in %s: exclude in %s matches all of them; change exclude, or name another path",
			redact.Path(s.emptied[0].Path), s.excluders(s.emptied[0].Files))
	}
	if n := len(s.named); n > 0 {
		note(fmt.Sprintf("skipped %s%s because of exclude in %s", redact.Path(s.named[0]), words.AndMore(n-1), s.excluders(s.named[:1])))
	}
	if i := slices.IndexFunc(s.unread, s.isPayload); i >= 0 {
		why := "in YAML; write yaml: true into " + s.Config.Target() + " to read YAML below folders, or name the file"
		if workspace.IsHidden(filepath.Base(s.unread[i])) {
			why = "whose name begins with a dot; name the file to validate it"
		}
		note(fmt.Sprintf("skipped %s, a payload %s", redact.Path(s.unread[i]), why))
	}
	return nil
}

// NamesOfFiles returns the paths of the files for the configuration: that of standard input is its name, if it has one.
func (s *Selection) NamesOfFiles() []string {
	files := slices.Clone(s.Files)
	for i, file := range files {
		if file == workspace.Stdin && s.stdin.path != "" {
			files[i] = s.stdin.path
		}
	}
	return files
}

// notes passes a text about each configuration that does not apply, although it is near the files, and about overrides
// that match no file, to note.
func (s *Settings) notes(sel *Selection, note func(string)) {
	for _, text := range sel.Config.UnusedNotes(sel.NamesOfFiles()) {
		note(text)
	}
	if text := sel.Config.UnmatchedNote(sel.Paths); text != "" {
		note(text)
	}
}

// isPayload reports whether an unread file is a payload that no other path and no exclude covers.
func (s *Selection) isPayload(file string) bool {
	return !slices.Contains(s.Files, file) && !s.Config.Excludes(file) && workspace.NamesType(file)
}

// CheckOutput returns an error if the output file of a flag is one of the selected files, the configuration, the
// baseline or another file that the run reads, also by another path, or if the same paths would select it later. A file
// that a reference in a payload names is one of those; for the payload of standard input, [Run.Validate] returns the
// error. The output and the baseline are "" if there is none, and need not exist yet.
func (s *Selection) CheckOutput(flag, output, baseline string) error {
	name := flag + " " + redact.Path(output)
	isOutput := func(file string) bool { return Overwrites(output, file) }
	other := slices.IndexFunc(s.inputs, func(in input) bool { return isOutput(in.file) })
	switch {
	case output == "":
		return nil
	case baseline != "" && (filepath.Clean(output) == filepath.Clean(baseline) || isOutput(baseline)):
		return problem.Inputf("%s would overwrite the baseline; name another file", name)
	case slices.ContainsFunc(s.Config.Files(), isOutput):
		return problem.Inputf("%s would overwrite the configuration; name another file", name)
	case slices.ContainsFunc(s.Config.SchemaFiles(), isOutput):
		return problem.Inputf("%s would overwrite a schema of the configuration; name another file", name)
	case slices.ContainsFunc(s.Files, isOutput):
		return problem.Inputf("%s would overwrite a file that is validated; name another file", name)
	case other >= 0:
		return problem.Inputf("%s would overwrite the file of %s; name another file", name, s.inputs[other].flag)
	case workspace.Covers(s.Paths, output, s.Config.ReadsYAML()) && !s.Config.Excludes(output):
		return problem.Inputf("%s would be read as a payload by the next run; name a file outside of the folder with the payloads", name)
	}
	refers := func(file string) bool { return refersTo(output, file) }
	if i := slices.IndexFunc(s.Files, refers); i >= 0 {
		return referredError(name, s.Files[i])
	}
	if err := CheckReplaced(flag, output); err != nil {
		return err
	}
	if slices.Contains(s.Files, workspace.Stdin) {
		s.stdin.output, s.stdin.finder = name, newFinder(output, filepath.Dir(s.stdin.name))
	}
	return nil
}

// CheckReplaced returns an error if the output file of a flag is a payload or a configuration, which the command may
// read another time.
func CheckReplaced(flag, output string) error {
	info, err := os.Stat(output)
	if err != nil || !info.Mode().IsRegular() || savefile.IsStream(output) {
		return nil //nolint:nilerr // nothing is lost, and writing the file reports the error
	}
	is, isKnown := workspace.IsPayload(output)
	what := "a payload"
	switch {
	case workspace.IsConfig(output), extends(output):
		what = "a configuration"
	case !is:
		return nil
	case !isKnown:
		what = "a file that may be a payload"
	}
	return problem.Inputf("%s %s would overwrite %s; name another file", flag, redact.Path(output), what)
}

// extends reports whether the configuration of the working directory extends a file. One with faults extends none.
func extends(file string) bool {
	cfg, err := workspace.FindConfig("")
	return err == nil && slices.ContainsFunc(cfg.Extended, func(other string) bool { return Overwrites(file, other) })
}

// Overwrites reports whether writing an output file would overwrite a file that exists, by any path or link. Devices
// and pipes are not overwritten.
func Overwrites(output, file string) bool {
	info, err := os.Stat(output)
	return err == nil && info.Mode().IsRegular() && same(output, file)
}

// removeFile removes a file from the files to validate, unless it is the only one. Paths and patterns may select a
// file that is not a payload, such as a baseline.
func (s *Selection) removeFile(file string) {
	dir, _ := os.Getwd()
	if rest := slices.DeleteFunc(slices.Clone(s.Files), func(f string) bool { return f == shown(dir, file) }); len(rest) > 0 {
		s.Files = rest
	}
}

// shown returns the path of a file by its name in reports, so that messages have the same name. It also removes ".." if
// that names the same file.
func shown(dir, file string) string {
	name := report.Name(dir, filepath.Clean(file))
	if name == workspace.Stdin { // a file with this name
		return file
	}
	if report.HasParent(filepath.ToSlash(file)) && !same(file, name) {
		return file
	}
	return name
}

// same reports whether two paths name the same existing file.
func same(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}
