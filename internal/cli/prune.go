package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/report"
)

// pruneFlags allow apply to delete integrations without a payload, and diff to count them.
type pruneFlags struct{ folders, all bool }

// register registers the flags. The action names what the command does with integrations without a payload.
func (f *pruneFlags) register(cmd *cobra.Command, action string) {
	flags := cmd.Flags()
	flags.BoolVar(&f.folders, "prune", false, action+"; every PATH must be a folder")
	flags.BoolVar(&f.all, "prune-all", false, action+", whatever the PATHs are")
	apart(cmd, "prune", "prune-all")
}

func (f *pruneFlags) on() bool { return f.folders || f.all }

// checkFiles returns an error if an integration could be deleted although a payload file describes it: a file
// that exclude matches or that the search skips, or, if a PATH is not a folder, a file that nobody named.
func (f *pruneFlags) checkFiles(s *selection) error {
	if f.folders {
		for _, path := range s.paths {
			if err := checkFolder(path); err != nil {
				return err
			}
		}
	}
	if f.on() && len(s.excluded) > 0 {
		more := ""
		if n := len(s.excluded) - 1; n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		return usage("can't prune: exclude in %s matches %s%s, and its integration would be deleted; move the file out of the PATHs, or change exclude",
			redact.Path(s.config.file), redact.Path(s.excluded[0]), more)
	}
	return nil
}

func checkFolder(path string) error {
	if path == stdinName {
		return notFolder("standard input")
	}
	info, err := os.Stat(path)
	switch {
	case err != nil && !isPattern(path, err):
		return nil // reading it reports the error
	case err != nil || !info.IsDir():
		return notFolder(redact.Path(path))
	}
	if link := linkedFolder(path); link != "" {
		return usage("can't prune: %s is a link to a folder, which is not searched for payloads; move the folder here, or use --prune-all", redact.Path(link))
	}
	return nil
}

func notFolder(what string) error {
	return usage("can't prune: %s is not a folder; name the folder that has a payload for each integration to keep, or use --prune-all", what)
}

// linkedFolder returns the first link to a folder below root, which [payloadFiles] does not follow.
func linkedFolder(root string) (link string) {
	_ = filepath.WalkDir(root+string(filepath.Separator), func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // reading it as a payload reports the error
		case entry.IsDir() && filepath.Clean(path) != filepath.Clean(root) && passedOver(entry.Name()):
			return fs.SkipDir
		case entry.Type()&fs.ModeSymlink == 0 || passedOver(entry.Name()):
			return nil
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			link = path
			return fs.SkipAll
		}
		return nil
	})
	return link
}

// checkPayloads returns an error if a file has no payload: it may have had one that was lost.
func (f *pruneFlags) checkPayloads(r *report.Report) error {
	if f.on() && r.Summary.Payloads == 0 {
		return usage("can't prune: there are no payloads, and every integration would be deleted; name payloads, or use atlasint delete")
	}
	i := slices.IndexFunc(r.Files, func(file report.File) bool { return file.Payloads == 0 })
	if f.folders && i >= 0 {
		return usage("can't prune: %s has no payload; delete the file, or use --prune-all", redact.Path(r.Files[i].Name))
	}
	return nil
}

// checkWarnings returns an error if the payloads have warnings. Errors have ended the command before.
func (f *pruneFlags) checkWarnings(r *report.Report) error {
	if !f.folders || r.Summary.Warnings == 0 {
		return nil
	}
	return &exitError{exitFindings, "can't prune: the payloads have findings; correct them, turn their rules off with --rule RULE=off, or use --prune-all"}
}

// reason is why an integration without a payload is deleted.
func (f *pruneFlags) reason(s *selection) string {
	if f.folders && len(s.paths) == 1 {
		return "no payload in " + redact.Path(s.paths[0]) + " describes it"
	}
	return "no payload describes it"
}
