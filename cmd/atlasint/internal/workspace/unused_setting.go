package workspace

import (
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
)

// UnusedSetting is the value of a key in a configuration file that does not apply to a file in its folder.
type UnusedSetting struct {
	File, Folder string // of the configuration, for messages
	Misnamed     bool   // it does not apply because of its name
	Value        string
}

// Unused returns the first setting for the files in a configuration that is not used and differs, nil if there is none.
// The setting is that of the configuration nearest to a file. The value of a key is "" if a configuration does not set
// it. Unused returns nil if a flag names the configuration. The error is that of a file that can't be read.
func (c *Config) Unused(files []string, value func(*Config) string, differs func(string) bool) (*UnusedSetting, error) {
	dir, err := os.Getwd()
	if err != nil || !c.searched {
		return nil, nil //nolint:nilerr // no path can be compared with the configuration
	}
	s := settingSearch{c, value, newSearch(Repository(dir)), dir}
	seen := map[string]bool{}
	for _, file := range files {
		folder, err := filepath.Abs(filepath.Dir(file))
		if file == Stdin || err != nil || seen[folder] {
			continue
		}
		seen[folder] = true
		found, err := s.find(folder)
		if err != nil || found != nil && differs(found.Value) {
			return found, err
		}
	}
	return nil, nil
}

// settingSearch finds the settings that a configuration does not have.
type settingSearch struct {
	config *Config
	value  func(*Config) string
	search *search
	dir    string // the working directory
}

// find returns the setting of the configuration nearest to a folder, nil if the used configuration is nearer and has
// the setting, or if there is none.
func (s settingSearch) find(folder string) (*UnusedSetting, error) {
	top := s.search.top
	if !isWithin(top, folder) {
		top = Repository(folder)
	}
	for {
		found, done, err := s.in(folder)
		parent := filepath.Dir(folder)
		if found != nil || done || err != nil || folder == top || parent == folder {
			return found, err
		}
		folder = parent
	}
}

// in returns the setting of a configuration in a folder, and whether configurations in its parents don't matter.
func (s settingSearch) in(folder string) (found *UnusedSetting, done bool, err error) {
	file, misnamed := filepath.Join(folder, ConfigName), false
	if !exists(file) {
		if file, misnamed = filepath.Join(folder, misspelled), true; !exists(file) {
			return nil, false, nil
		}
	}
	for _, used := range s.config.Files() {
		if used != "" && savefile.Same(used, file) {
			return nil, s.value(s.config) != "" || s.config.last == nil, nil
		}
	}
	shown := shownFrom(s.dir, file)
	other, err := readConfig(file, shown)
	if err != nil {
		return nil, true, err
	}
	if value := s.value(other); value != "" {
		return &UnusedSetting{shown, shownFrom(s.dir, folder), misnamed, value}, true, nil
	}
	return nil, other.last == nil, nil
}
