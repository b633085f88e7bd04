package apply

import (
	"cmp"
	"fmt"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
	"github.com/atlasint/atlasint/validate"
)

// Prune selects the paths that allow pruning: integrations that their payloads don't describe are deleted. The zero
// value deletes nothing. Its methods return an error if the payloads may be incomplete or wrong: a [problem.Finding]
// because of findings in the payloads, a [problem.Input] because of the files.
type Prune struct {
	Folders bool // every path must be a folder, and its payloads must have no findings
	All     bool // any paths
}

// on reports whether integrations without a payload are deleted.
func (p Prune) on() bool { return p.Folders || p.All }

func cantPrune(format string, args ...any) error {
	return problem.Inputf("can't prune: %w", fmt.Errorf(format, args...))
}

// CheckPaths returns an error if the paths don't allow to prune, such as a file, or a folder with payloads that the
// configuration excludes.
func (p Prune) CheckPaths(paths []string, config *workspace.Config, excluded []string) error {
	if p.Folders {
		if err := checkSources(workspace.Sources(paths, config.ReadsYAML()), config); err != nil {
			return err
		}
	}
	return p.checkExcluded(config, excluded)
}

// checkSources returns an error if a source can't show that other integrations are unwanted.
func checkSources(sources []workspace.Source, config *workspace.Config) error {
	for _, s := range sources {
		if !s.Folder {
			return cantPrune("%s is not a folder; name the folder that has a payload for each integration to keep, or use --prune-all", s.Name)
		}
		if s.Link != "" {
			return cantPrune("%s is a link to a folder, which is not searched for payloads; move the folder here, or use --prune-all",
				redact.Path(s.Link))
		}
		if s.YAML != "" {
			return cantPrune("%s may be a payload in YAML, which is not read below a folder; write yaml: true into %s, or use --prune-all",
				redact.Path(s.YAML), config.Target())
		}
		if s.Hidden != "" {
			return cantSearch(redact.Path(s.Hidden), s.Cause)
		}
	}
	return nil
}

func cantSearch(file string, cause error) error {
	return cantPrune("%s can't be searched for payloads: %w; to prune without it, move it out of the PATHs, or use --prune-all", file, cause)
}

// checkExcluded returns an error if the configuration excludes payload files of the sources: their integrations
// would be deleted.
func (p Prune) checkExcluded(config *workspace.Config, excluded []string) error {
	if !p.on() || len(excluded) == 0 {
		return nil
	}
	return cantPrune("exclude in %s matches %s%s, and prune would delete its integration; move the file out of the PATHs, or change exclude",
		cmp.Or(config.ExcludedBy(excluded[0]), config.Target()), redact.Path(excluded[0]), words.AndMore(len(excluded)-1))
}

// checkResults returns an error if a file has no payload, since it may have had one that was lost, if a payload has no
// document, so that its integration is unknown, or if payloads have warnings. The files and their validation results,
// without errors, are in the same order.
func (p Prune) checkResults(files []string, results []validate.Result) error {
	if !p.on() {
		return nil
	}
	empty, payloads, warnings := "", 0, 0
	for i, r := range results {
		if r.Payloads == 0 {
			empty = files[i]
		}
		if len(r.Documents) != r.Payloads {
			return problem.Findingf("can't prune: %s has a payload without a type, and prune could delete its integration; "+
				"correct the type, or move the file out of the PATHs", redact.Path(files[i]))
		}
		payloads += r.Payloads
		warnings += r.Warnings
	}
	switch {
	case payloads == 0:
		return cantPrune("there are no payloads, and prune would delete every integration; name payloads, or use atlasint delete")
	case p.Folders && empty != "":
		return cantPrune("%s has no payload; delete the file, or use --prune-all", redact.Path(empty))
	case p.Folders && warnings > 0:
		return problem.Findingf(
			"can't prune: the payloads have findings; correct them, turn their rules off with --rule RULE=off, or use --prune-all")
	}
	return nil
}

// checkDeletions returns an error if a file below the paths may be a payload of an integration that the plan deletes,
// and has a name that is not read.
func (p Prune) checkDeletions(paths []string, plan *Plan) error {
	var types []string
	for _, s := range plan.Steps {
		if s.Action == Delete {
			types = append(types, s.Type)
		}
	}
	if !p.Folders || len(types) == 0 {
		return nil
	}
	file, typ, cause := workspace.UnreadPayload(paths, types)
	switch {
	case file == "":
		return nil
	case cause != nil:
		return cantSearch(redact.Path(file), cause)
	}
	return cantPrune("%s may be a payload of %s, whose integration prune would delete; files with such a name are not read: "+
		"rename it to *.json or *.yaml without a dot at the start, move it out of the PATHs, or use --prune-all", redact.Path(file), typ)
}

// reason returns why an integration without a payload in the paths is deleted.
func (p Prune) reason(paths []string) string {
	if p.Folders && len(paths) == 1 {
		return "no payload in " + redact.Path(paths[0]) + " describes it"
	}
	return "no payload describes it"
}
