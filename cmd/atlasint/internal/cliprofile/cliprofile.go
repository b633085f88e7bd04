// Package cliprofile reads profiles from the configuration file of the Atlas CLI, config.toml.
//
// Since 2025, the Atlas CLI keeps credentials in the keyring of the operating system where there is one. This package
// reads the file only; [Profile] then has no credentials.
package cliprofile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

// Profile has the settings of one profile. A setting that the file does not have is "".
type Profile struct {
	Name, File             string
	PublicKey, PrivateKey  string
	ClientID, ClientSecret string
	AccessToken            string // of a user; it expires within an hour, and only the Atlas CLI can renew it
	AuthType               string // user_account, api_keys or service_account; only newer versions write it
	ProjectID, BaseURL     string
	Service                string // cloud, or cloudgov for Atlas for Government
}

// Format prints the name for every verb: other fields are secrets.
func (p Profile) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, p.Name) }

// Server returns the URL of Atlas that the profile sets, or "". A service without a base URL is an error, unless it is
// one of Atlas: the credentials of the profile must not reach a server that another source names.
func (p *Profile) Server() (string, error) {
	switch {
	case p.BaseURL != "":
		return p.BaseURL, nil
	case p.Service == "cloud":
		return atlas.BaseURL, nil
	case p.Service == "cloudgov":
		return "https://cloud.mongodbgov.com", nil
	case p.Service != "":
		return "", problem.Inputf("the profile %s in %s has the service %s and no base_url; use the service cloud or cloudgov, or add base_url",
			redact.Value(p.Name), redact.Path(p.File), redact.Value(p.Service))
	}
	return "", nil
}

// IsUser reports whether the profile is that of a user who signed in with a browser.
func (p *Profile) IsUser() bool {
	return p.AuthType == "user_account" || p.AuthType == "" && p.AccessToken != ""
}

// maxFile and maxSettings limit a configuration file: its size in bytes, and its settings and tables. The TOML library
// compares each key with all others of its table: 100,000 settings took a minute.
const (
	maxFile     = 1 << 20
	maxSettings = 10_000
)

// configFile returns the path of the configuration file: atlascli/config.toml in the user's configuration folder.
func configFile() (string, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", problem.Inputf("can't find the configuration of the Atlas CLI: %w", err)
	}
	return filepath.Join(folder, "atlascli", "config.toml"), nil
}

// Read returns the profile with a name, in any case.
func Read(name string) (*Profile, error) {
	file, profiles, err := readAll()
	if err != nil {
		return nil, err
	}
	names := slices.Sorted(maps.Keys(profiles))
	found := slices.DeleteFunc(slices.Clone(names), func(other string) bool { return !strings.EqualFold(other, name) })
	switch len(found) {
	case 0:
		return nil, problem.Inputf("%s has no profile %s; %s", redact.Path(file), redact.Value(name), nameHint(name, names))
	case 1:
		p, err := newProfile(found[0], profiles[found[0]])
		if err != nil {
			return nil, problem.Inputf("the profile %s in %s: %w", redact.Value(name), redact.Path(file), err)
		}
		p.File = file
		return p, nil
	}
	return nil, problem.Inputf("%s has the profile %s twice, in upper and lower case; keep one of them", redact.Path(file), redact.Value(name))
}

// nameHint returns the hint for the name of a profile that the file does not have.
func nameHint(name string, names []string) string {
	names = shown(names)
	others := "atlas config init creates one"
	if len(names) > 0 {
		others = "it has " + strings.Join(names, ", ")
	}
	return suggest.Hint(name, names, others)
}

// Names returns the names of all profiles, sorted; nil if the file can't be read.
func Names() []string {
	_, profiles, err := readAll()
	if err != nil {
		return nil
	}
	return shown(slices.Sorted(maps.Keys(profiles)))
}

// shown returns names in a form that is safe to show.
func shown(names []string) (safe []string) {
	for _, name := range names {
		safe = append(safe, redact.Plain(name))
	}
	return safe
}

func readAll() (file string, profiles map[string]map[string]any, err error) {
	if file, err = configFile(); err != nil {
		return "", nil, err
	}
	data, err := readfile.Regular(file, maxFile)
	var limit *readfile.LimitError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return file, nil, problem.Inputf("the Atlas CLI %w %s; run atlas config init, or set the credentials in the environment",
			problem.Worded("has no configuration file", err), redact.Path(file))
	case errors.As(err, &limit):
		return file, nil, problem.Failuref("can't read %s: %w", redact.Path(file),
			problem.Worded(fmt.Sprintf("it is larger than %d MiB; remove profiles that you don't use", maxFile>>20), err))
	case err != nil:
		return file, nil, problem.Failuref("can't read %s: %w", redact.Path(file), problem.Cause(err))
	case bytes.Count(data, []byte("="))+bytes.Count(data, []byte("[")) > maxSettings:
		return file, nil, problem.Failuref("can't read %s: it has more than %d settings; remove profiles that you don't use", redact.Path(file), maxSettings)
	}
	profiles, line := parse(data)
	if line > 0 {
		return file, nil, problem.Inputf("%s:%d: not TOML; correct the line", redact.Path(file), line)
	}
	return file, profiles, nil
}
