package workspace

import (
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/redact"
)

// UnusedSetting is the value of a key in a configuration file that does not apply to a file in its folder.
type UnusedSetting struct {
	File, Folder string // of the configuration, for messages
	Misnamed     bool   // it does not apply because of its name
	Value        string

	// Link is the path of a file, for messages, that resolves into the folder by symbolic links; "" if the file is there
	// without them.
	Link string
	// Nearer is the path, for messages, of the used configuration below the folder that does not have the setting. With
	// extends: none there, this setting would not be for the file. It is "" if there is none.
	Nearer string
}

// UnusedSearch finds the settings for files that a configuration does not have, in configurations that are not used. It
// reads each of them once. It is not safe for concurrent use.
type UnusedSearch struct {
	config *Config
	top    string // of the repository
	dir    string // the working directory
	places []place
	found  map[string]*folderConfig // by absolute folder
	read   knownConfigs
}

// folderConfig is the configuration in a folder.
type folderConfig struct {
	file     string // "" if there is none
	misnamed bool
	used     bool
	config   *Config // nil if it is used, or after an error
	err      error
}

// Unused returns a search in the folders of files and their parents, also in those that symbolic links point to. It
// finds nothing if a flag names the configuration.
func (c *Config) Unused(files []string) *UnusedSearch {
	dir, err := os.Getwd()
	if err != nil || !c.searched { // or no path can be compared with the configuration
		return &UnusedSearch{}
	}
	return &UnusedSearch{
		config: c, top: Repository(dir), dir: dir, places: placesOf(files), found: map[string]*folderConfig{}, read: knownConfigs{},
	}
}

// First returns the first setting that differs, nil if there is none. The setting is that of the configuration nearest
// to a file. The value of a key is "" if a configuration does not set it. The error is that of a configuration that
// can't be read.
//
// A file has the settings of the folders of its [place].
func (s *UnusedSearch) First(value func(*Config) string, differs func(string) bool) (first *UnusedSetting, err error) {
	for _, p := range s.places {
		p.visit(func(folder, link string) (decides string, more bool) {
			var found *UnusedSetting
			if found, decides, err = s.find(folder, value); err != nil {
				return "", false
			}
			if found != nil && differs(found.Value) {
				found.Link, first = redact.Path(link), found
				return "", false
			}
			return decides, true
		})
		if err != nil || first != nil {
			return first, err
		}
	}
	return nil, nil
}

// find returns the setting of the configuration nearest to a folder, nil if the used configuration is nearer and has
// the setting, or if there is none. It also returns the folder of the configuration that decides, "" if none does.
func (s *UnusedSearch) find(folder string, value func(*Config) string) (found *UnusedSetting, decides string, err error) {
	top, nearer := s.top, ""
	if !isWithin(top, folder) {
		top = Repository(folder)
	}
	for {
		at := s.in(folder)
		config := at.config
		if at.used {
			config = s.config
		}
		switch {
		case at.err != nil:
			return nil, "", at.err
		case config == nil:
		case value(config) != "" && !at.used:
			return &UnusedSetting{
				File: shownFrom(s.dir, at.file), Folder: shownFrom(s.dir, folder), Misnamed: at.misnamed,
				Value: value(config), Nearer: nearer,
			}, folder, nil
		case value(config) != "" || config.last == nil:
			return nil, folder, nil
		case at.used:
			nearer = config.last.shown
		}
		parent := filepath.Dir(folder)
		if folder == top || parent == folder {
			return nil, "", nil
		}
		folder = parent
	}
}

// in returns the configuration in a folder.
func (s *UnusedSearch) in(folder string) *folderConfig {
	if at := s.found[folder]; at != nil {
		return at
	}
	at := s.open(folder)
	s.found[folder] = at
	return at
}

// open reads the configuration in a folder, if it is not used.
func (s *UnusedSearch) open(folder string) *folderConfig {
	at := &folderConfig{file: filepath.Join(folder, ConfigName)}
	if !exists(at.file) {
		if at.file, at.misnamed = filepath.Join(folder, misspelled), true; !exists(at.file) {
			return &folderConfig{}
		}
	}
	for _, used := range s.config.Files() {
		if used != "" && savefile.Same(used, at.file) {
			at.used = true
			return at
		}
	}
	at.config, at.err = readConfig(at.file, shownFrom(s.dir, at.file), s.read)
	return at
}

// knownConfigs has configurations, with the settings of those that they extend, by their absolute path without symbolic
// links in the folder. A nil map has none and gets none.
type knownConfigs map[string]*Config

func (k knownConfigs) at(file string) *Config {
	if k == nil {
		return nil
	}
	return k[configKey(file)]
}

func (k knownConfigs) add(file string, c *Config) {
	if k != nil {
		k[configKey(file)] = c
	}
}

func configKey(file string) string {
	return filepath.Join(withoutLinks(filepath.Dir(file)), filepath.Base(file))
}
