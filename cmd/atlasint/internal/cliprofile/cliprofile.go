// Package cliprofile reads profiles from the configuration file of the Atlas CLI, config.toml.
//
// Since 2025, the Atlas CLI keeps credentials in the keyring of the operating system where there is one. This package
// reads the file only; [Profile] then has no credentials.
package cliprofile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
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

// Server returns the URL of Atlas that the profile sets, or "".
func (p *Profile) Server() string {
	if p.BaseURL == "" && p.Service == "cloudgov" {
		return "https://cloud.mongodbgov.com"
	}
	return p.BaseURL
}

// IsUser reports whether the profile is that of a user who signed in with a browser.
func (p *Profile) IsUser() bool {
	return p.AuthType == "user_account" || p.AuthType == "" && p.AccessToken != ""
}

// maxFile is the largest size of a configuration file in bytes.
const maxFile = 1 << 20

// File returns the path of the configuration file: atlascli/config.toml in the user's configuration folder.
func File() (string, error) {
	folder, err := os.UserConfigDir()
	if err != nil {
		return "", exit.Usagef("can't find the configuration of the Atlas CLI: %v", err)
	}
	return filepath.Join(folder, "atlascli", "config.toml"), nil
}

// Read returns the profile with a name, in any case.
func Read(name string) (*Profile, error) {
	file, profiles, err := readAll()
	if err != nil {
		return nil, err
	}
	for _, p := range profiles {
		if strings.EqualFold(p.Name, name) {
			p.File = file
			return p, nil
		}
	}
	names := namesOf(profiles)
	hint := "atlas config init creates one"
	if near := suggest.Nearest(name, names); near != "" {
		hint = "did you mean " + near + "?"
	} else if len(names) > 0 {
		hint = "it has " + strings.Join(names, ", ")
	}
	return nil, exit.Usagef("%s has no profile %s; %s", redact.Path(file), redact.Value(name), hint)
}

// Names returns the names of all profiles, sorted; nil if the file can't be read.
func Names() []string {
	_, profiles, err := readAll()
	if err != nil {
		return nil
	}
	return namesOf(profiles)
}

func namesOf(profiles []*Profile) (names []string) {
	for _, p := range profiles {
		names = append(names, redact.Plain(p.Name))
	}
	slices.Sort(names)
	return names
}

func readAll() (file string, profiles []*Profile, err error) {
	if file, err = File(); err != nil {
		return "", nil, err
	}
	data, err := readfile.Regular(file, maxFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return file, nil, exit.Usagef("the Atlas CLI has no configuration file %s; run atlas config init, or set the credentials in the environment", redact.Path(file))
	case err != nil:
		return file, nil, exit.Failuref("can't read %s: %v", redact.Path(file), exit.Cause(err))
	}
	profiles, line := parse(data)
	if line > 0 {
		return file, nil, exit.Usagef("%s:%d: not TOML; correct the line", redact.Path(file), line)
	}
	return file, profiles, nil
}
