package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// seed is a payload that a server starts with.
type seed struct {
	file, project string
	data          []byte
	payload       *validate.Document // once it is validated
}

// readSeeds reads and judges the payloads of --seed-dir. It prints what is wrong with them.
func (f *serveFlags) readSeeds(cmd *cobra.Command) ([]seed, error) {
	if f.seedDir == "" {
		return nil, nil
	}
	seeds, err := f.findSeeds()
	if err != nil {
		return nil, err
	}
	if len(seeds) == 0 {
		return nil, exit.Usagef("the folder %s has no payloads; put them at PROJECT-ID/NAME.json below it", redact.Path(f.seedDir))
	}
	if err := checkSeeds(cmd, seeds); err != nil {
		return nil, err
	}
	return seeds, oneOfEach(seeds)
}

func (f *serveFlags) findSeeds() (seeds []seed, err error) {
	projects, err := readDir(f.seedDir)
	if err != nil {
		return nil, err
	}
	for _, name := range projects {
		dir := filepath.Join(f.seedDir, name)
		info, err := os.Stat(dir)
		switch {
		case err != nil:
			return nil, exit.Failuref("can't read %s: %v", redact.Path(dir), exit.Cause(err))
		case !info.IsDir() && isSeed(name):
			return nil, exit.Usagef("the payload %s belongs to no project; move it to PROJECT-ID/%s", redact.Path(dir), redact.Path(name))
		case !info.IsDir():
			continue
		case !atlas.IsID(name):
			return nil, exit.Usagef("the folder %s is named for no project; a project id has %s", redact.Path(dir), atlas.IDForm)
		case len(f.groups) > 0 && !slices.Contains(f.groups, name):
			return nil, exit.Usagef("the folder %s is of a project that no --group names; add --group %s", redact.Path(dir), name)
		}
		more, err := seedsOf(dir, name)
		if err != nil {
			return nil, err
		}
		seeds = append(seeds, more...)
	}
	return seeds, nil
}

func seedsOf(dir, project string) (seeds []seed, err error) {
	names, err := readDir(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !isSeed(name) {
			continue
		}
		file := filepath.Join(dir, name)
		data, err := readfile.Head(file, validate.DefaultMaxSize+1) // enough to see that it is too large
		if errors.Is(err, readfile.ErrNotRegular) || errors.Is(err, syscall.EISDIR) {
			return nil, exit.Failuref("can't read %s: %v; remove it, or rename it", redact.Path(file), readfile.ErrNotRegular)
		}
		if err != nil {
			return nil, exit.Failuref("can't read %s: %v", redact.Path(file), exit.Cause(err))
		}
		seeds = append(seeds, seed{file: file, project: project, data: data})
	}
	return seeds, nil
}

func isSeed(name string) bool { return strings.EqualFold(filepath.Ext(name), ".json") }

// readDir lists the names in a folder, sorted, without those that begin with a dot.
func readDir(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, exit.Failuref("can't read the folder %s: %v", redact.Path(dir), exit.Cause(err))
	}
	var names []string
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// checkSeeds validates the payloads by the rules of v2, or of v1.0 where only that has the type, and reports those
// that the server would reject.
func checkSeeds(cmd *cobra.Command, seeds []seed) error {
	validators := map[string]*validate.Validator{}
	for _, generation := range atlas.Versions() {
		v, err := validate.New(validate.WithAPIVersion(generation), validate.WithLiterals(), validate.WithSnippets())
		if err != nil {
			return exit.Failuref("%v", err)
		}
		validators[generation] = v
	}
	r := report.Report{Version: version(), Color: colorful(cmd.OutOrStdout())}
	for i := range seeds {
		s := &seeds[i]
		var result validate.Result
		s.payload, result = validators[schemas.V2].CheckOne(s.file, s.data)
		if only := s.payload.OnlyVersion(); only == schemas.V1 {
			s.payload, result = validators[only].CheckOne(s.file, s.data)
		}
		r.Add(s.file, withFlags(result))
	}
	if r.Summary.Errors == 0 {
		return nil
	}
	if err := report.Text(cmd.OutOrStdout(), &r); err != nil {
		return exit.Failuref("can't write the report: %v", err)
	}
	return exit.New(exit.Findings, "")
}

// oneOfEach refuses two payloads of one type for one project: the second could never be created.
func oneOfEach(seeds []seed) error {
	type slot struct{ project, typ string }
	first := map[slot]string{}
	for _, s := range seeds {
		at := slot{s.project, s.payload.Type}
		if other, taken := first[at]; taken {
			return exit.New(exit.Findings, "the project has "+s.payload.Type+" in "+redact.Path(other)+" and in "+redact.Path(s.file)+"; keep one of them")
		}
		first[at] = s.file
	}
	return nil
}

// plantSeeds stores payloads that are known to be good. In a store that outlasts the server they may have
// been stored by an earlier one, and changed since then: that is left as it is.
func plantSeeds(atlas *fakeatlas.Server, seeds []seed, lasting bool) error {
	for _, s := range seeds {
		err := atlas.Seed(s.project, s.payload)
		if err != nil && !(lasting && errors.Is(err, store.ErrExists)) {
			return exit.Failuref("can't store %s: %v", redact.Path(s.file), err)
		}
	}
	return nil
}
