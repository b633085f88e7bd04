package workspace

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// maxUnused is the number of configurations of files for which [Config.UnusedNotes] returns a note each.
const maxUnused = 3

// misspelled is a name that may be meant as [ConfigName].
const misspelled = ".atlasint.yml"

// UnusedNotes returns a note for each configuration file that you may expect to apply and that does not: the one above
// the configuration, those with a [misspelled] name, and those that are the nearest of the files. It returns none if a
// flag names the configuration.
func (c *Config) UnusedNotes(files []string) (notes []string) {
	dir, err := os.Getwd()
	if err != nil || !c.searched {
		return nil
	}
	s := newSearch(Repository(dir))
	used := map[string]bool{}
	for _, file := range c.Files() {
		used[configKey(file)] = true
	}
	if file := c.above(s); file != "" && !used[configKey(file)] {
		extended, err := filepath.Rel(c.last.dir, file)
		if err != nil {
			extended = file
		}
		used[configKey(file)] = true // the note for its files would be the second
		notes = append(notes, fmt.Sprintf(
			"%s is not used, because %s is nearer; add extends: %s to it to apply both, or extends: %s to apply it alone",
			shownFrom(dir, file), shownFrom(dir, c.last.file), redact.Path(filepath.ToSlash(extended)), alone))
	}
	places := placesOf(files)
	for _, file := range s.misnamed(append(placesOf([]string{misspelled}), places...)) { // also in the working directory
		notes = append(notes, fmt.Sprintf("%s is not used, because of its name; rename it to %s", shownFrom(dir, file), ConfigName))
	}
	unused := s.ofPlaces(places, used)
	for i, u := range unused {
		if i == maxUnused {
			return append(notes, fmt.Sprintf("%d more configurations in folders of the files are not used", len(unused)-i))
		}
		file := shownFrom(dir, u.file)
		notes = append(notes, fmt.Sprintf("%s is not used %s; run atlasint in %s or with --config %s, or write the settings as overrides into %s",
			file, FilesOf(u.link), shownFrom(dir, filepath.Dir(u.file)), file, c.Target()))
	}
	return notes
}

// Here is the path of the working directory, for commands without files: the configurations of its folders count.
const Here = "."

// FilesOf returns the files that an unused configuration is for, as a clause. The link is that of [UnusedSetting].
func FilesOf(link string) string {
	if link == Here {
		link = "the working directory"
	}
	if link != "" {
		return "for the files in its folder, into which " + link + " resolves by symbolic links"
	}
	return "for the files in its folder"
}

// above returns the nearest configuration in the parent folders of the last file that applies, "" if there is none in
// the repository, or if the search did not find that file.
func (c *Config) above(s *search) string {
	if c.last == nil || filepath.Base(c.last.file) != ConfigName || !isWithin(s.top, filepath.Dir(c.last.dir)) {
		return ""
	}
	return s.nearest(filepath.Dir(c.last.dir))
}

// ConfigAbove returns the nearest configuration in the parent folders of the working directory within its repository,
// as a value for extends; "" if there is none.
func ConfigAbove() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	s := newSearch(Repository(dir))
	parent := filepath.Dir(dir)
	if !isWithin(s.top, parent) {
		return ""
	}
	file := s.nearest(parent)
	if file == "" {
		return ""
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return ""
	}
	return filepath.ToSlash(rel)
}

// shownFrom returns a path from a folder, for a message. It stays absolute if a link in the folder gives ".." another
// meaning.
func shownFrom(dir, path string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil {
		return redact.Path(path)
	}
	file, fileErr := os.Lstat(path)
	if other, err := os.Lstat(dir + string(filepath.Separator) + rel); fileErr == nil && (err != nil || !os.SameFile(file, other)) {
		return redact.Path(path)
	}
	return redact.Path(rel)
}

// search finds the nearest configuration files of folders.
type search struct {
	top   string            // the last folder; "" for the root of the file system
	real  string            // top without symbolic links
	found map[string]string // by folder; "" if there is none
}

func newSearch(top string) *search {
	s := &search{top: top, found: map[string]string{}}
	if top != "" {
		s.real = withoutLinks(top)
	}
	return s
}

// nearest returns the configuration file in a folder or the nearest of its parents, "" if there is none.
func (s *search) nearest(dir string) string {
	if file, ok := s.found[dir]; ok {
		return file
	}
	file := filepath.Join(dir, ConfigName)
	// A broken link is an error: without the file, other rules would apply than the user meant.
	if !exists(file) {
		file = ""
		if parent := filepath.Dir(dir); parent != dir && dir != s.top && dir != s.real {
			file = s.nearest(parent)
		}
	}
	s.found[dir] = file
	return file
}

// unusedFile is a configuration file that is not used, and the path of a file, for messages, that resolves into its
// folder by symbolic links.
type unusedFile struct{ file, link string }

// ofPlaces returns the nearest configurations of places below the top folder, sorted, without those with a used key.
func (s *search) ofPlaces(places []place, used map[string]bool) []unusedFile {
	unused := map[string]unusedFile{}
	for _, p := range places {
		p.visit(func(folder, link string) (decides string, more bool) {
			config := s.decides(folder)
			if config == "" {
				return "", true
			}
			key := configKey(config)
			if known, ok := unused[key]; !used[key] && (!ok || known.link != "" && link == "") {
				unused[key] = unusedFile{config, redact.Path(link)}
			}
			return filepath.Dir(config), true
		})
	}
	return slices.SortedFunc(maps.Values(unused), func(a, b unusedFile) int { return strings.Compare(a.file, b.file) })
}

// has reports whether a folder is the top folder or below it.
func (s *search) has(folder string) bool { return isWithin(s.top, folder) || isWithin(s.real, folder) }

// decides returns the configuration that is the nearest to a folder, "" if there is none or the folder is not below the
// top folder.
func (s *search) decides(folder string) string {
	if !s.has(folder) {
		return ""
	}
	return s.nearest(folder)
}

// misnamed returns the files with a [misspelled] name in the folders of places and their parents up to the top folder,
// sorted.
func (s *search) misnamed(places []place) []string {
	found := map[string]string{}
	for _, p := range places {
		p.visit(func(folder, _ string) (decides string, more bool) {
			for dir := folder; s.has(dir); dir = filepath.Dir(dir) {
				name := filepath.Join(dir, misspelled)
				if key := configKey(name); found[key] == "" && exists(name) {
					found[key] = name
				}
				if dir == s.top || dir == s.real {
					break
				}
			}
			if config := s.decides(folder); config != "" {
				decides = filepath.Dir(config)
			}
			return decides, true
		})
	}
	return slices.Sorted(maps.Values(found))
}

// Repository returns the root of the repository that contains a folder: the nearest folder upwards with .git, else the
// topmost with a configuration, else the folder itself.
func Repository(dir string) string {
	top := dir
	for {
		if exists(filepath.Join(dir, ".git")) {
			return dir
		}
		if exists(filepath.Join(dir, ConfigName)) {
			top = dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return top
		}
		dir = parent
	}
}

// RootAbove returns the path from the working directory to the nearest parent folder with .git, such as ../.., "" if
// there is none or if the working directory has .git itself.
func RootAbove() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	root := Repository(dir)
	if root == dir || !exists(filepath.Join(root, ".git")) {
		return ""
	}
	return shownFrom(dir, root)
}

// isWithin reports whether a path is a folder or below it. Both are absolute.
func isWithin(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// exists reports whether a path exists, also as a broken link.
func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
