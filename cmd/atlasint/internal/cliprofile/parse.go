package cliprofile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// parse returns the tables of a configuration file by name: each is a profile. If the file is not TOML, it returns the
// line of the first fault: messages of the parser can contain a part of the document.
func parse(data []byte) (profiles map[string]map[string]any, faultLine int) {
	var document map[string]any
	if err := toml.Unmarshal(data, &document); err != nil {
		var fault *toml.DecodeError
		if errors.As(err, &fault) {
			faultLine, _ = fault.Position()
		}
		return nil, max(1, faultLine)
	}
	profiles = map[string]map[string]any{}
	for name, value := range document {
		if table, ok := value.(map[string]any); ok { // other values are settings of the Atlas CLI itself
			profiles[name] = table
		}
	}
	return profiles, 0
}

// newProfile returns the profile of a table. Names of settings are in any case. Errors show no value.
func newProfile(name string, table map[string]any) (*Profile, error) {
	p := &Profile{Name: name}
	var opsManager string // another name of the base URL
	settings := map[string]*string{
		"public_api_key": &p.PublicKey, "private_api_key": &p.PrivateKey,
		"client_id": &p.ClientID, "client_secret": &p.ClientSecret,
		"access_token": &p.AccessToken, "auth_type": &p.AuthType,
		"project_id": &p.ProjectID, "service": &p.Service,
		"base_url": &p.BaseURL, "ops_manager_url": &opsManager,
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		setting := strings.ToLower(key)
		target := settings[setting]
		text, isText := table[key].(string)
		switch {
		case target == nil: // a setting that this program does not use
		case !isText:
			return nil, fmt.Errorf("%s is not a text; write one in quotes", setting)
		case *target != "":
			return nil, fmt.Errorf("%s occurs twice; keep one of them", setting)
		default:
			*target = text
		}
	}
	if p.BaseURL != "" && opsManager != "" && p.BaseURL != opsManager {
		return nil, errors.New("base_url and ops_manager_url differ; keep one of them")
	}
	if p.BaseURL == "" {
		p.BaseURL = opsManager
	}
	return p, nil
}
