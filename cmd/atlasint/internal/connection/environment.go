package connection

import (
	"os"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/redact"
)

// The environment variables of the commands that call Atlas.
const (
	PublicKeyVariable    = atlas.PublicKeyVariable
	PrivateKeyVariable   = atlas.PrivateKeyVariable
	ClientIDVariable     = atlas.ClientIDVariable
	ClientSecretVariable = atlas.ClientSecretVariable
	AccessTokenVariable  = "MONGODB_ATLAS_ACCESS_TOKEN"
	BaseURLVariable      = "MONGODB_ATLAS_BASE_URL"
	ProjectVariable      = "MONGODB_ATLAS_PROJECT_ID"
	PlanKeyVariable      = "ATLASINT_PLAN_KEY"
)

// otherVariables returns the endings of names that other programs read for the same values. Their beginnings are in
// otherPrefixes.
func otherVariables() map[string][]string {
	return map[string][]string{
		PublicKeyVariable:    {"PUBLIC_KEY", "PUBLIC_API_KEY"},
		PrivateKeyVariable:   {"PRIVATE_KEY", "PRIVATE_API_KEY"},
		ClientIDVariable:     {"CLIENT_ID"},
		ClientSecretVariable: {"CLIENT_SECRET"},
		AccessTokenVariable:  {"ACCESS_TOKEN", "TOKEN"},
		ProjectVariable:      {"PROJECT_ID", "GROUP_ID", "PROJECT"},
	}
}

var otherPrefixes = []string{"MONGODB_ATLAS_", "ATLAS_", "MCLI_", "MDB_MCP_API_"}

// otherName returns the name of a set variable that another program reads for the same value, or "".
func otherName(getenv func(string) string, name string) string {
	for _, prefix := range otherPrefixes {
		for _, ending := range otherVariables()[name] {
			if other := prefix + ending; other != name && getenv(other) != "" {
				return other
			}
		}
	}
	return ""
}

// credentialSet is one kind of credentials in the environment: an API key, a service account or a token.
type credentialSet struct {
	names  []string
	values []string
	create func(values []string) client.Credentials
}

func credentialSets(getenv func(string) string) []credentialSet {
	sets := []credentialSet{
		{names: []string{PublicKeyVariable, PrivateKeyVariable}, create: func(v []string) client.Credentials { return client.APIKey(v[0], v[1]) }},
		{names: []string{ClientIDVariable, ClientSecretVariable}, create: func(v []string) client.Credentials { return client.ServiceAccount(v[0], v[1]) }},
		{names: []string{AccessTokenVariable}, create: func(v []string) client.Credentials { return client.AccessToken(v[0]) }},
	}
	for i := range sets {
		for _, name := range sets[i].names {
			sets[i].values = append(sets[i].values, getenv(name))
		}
	}
	return sets
}

func (s credentialSet) isSet() bool { return strings.Join(s.values, "") != "" }

func (s credentialSet) String() string { return strings.Join(s.names, " and ") }

// check returns an error if a part is missing.
func (s credentialSet) check(getenv func(string) string) error {
	for i, value := range s.values {
		if value != "" {
			continue
		}
		if other := otherName(getenv, s.names[i]); other != "" {
			return exit.Usagef("%s is not set; atlasint does not read %s: set %s to its value", s.names[i], other, s.names[i])
		}
		return exit.Usagef("%s is set and %s is not; set both", s.names[1-i], s.names[i])
	}
	return nil
}

// credentials returns those of the profile, if there is a profile with credentials, or else those of the environment.
func credentials(profile *cliprofile.Profile, getenv func(string) string) (client.Credentials, error) {
	if profile != nil {
		if c, ok := credentialsOfProfile(profile); ok {
			return c, nil
		}
	}
	sets := slices.DeleteFunc(credentialSets(getenv), func(s credentialSet) bool { return !s.isSet() })
	switch {
	case len(sets) == 1:
		return sets[0].create(sets[0].values), sets[0].check(getenv)
	case len(sets) > 1:
		return client.Credentials{}, exit.Usagef("the environment has several credentials: %s, and %s; unset all but one of them", sets[0], sets[1])
	case profile != nil:
		return client.Credentials{}, withoutCredentials(profile)
	}
	return client.Credentials{}, noCredentials(getenv)
}

func credentialsOfProfile(p *cliprofile.Profile) (c client.Credentials, ok bool) {
	switch {
	case p.AuthType != "service_account" && p.PublicKey != "" && p.PrivateKey != "":
		return client.APIKey(p.PublicKey, p.PrivateKey), true
	case p.ClientID != "" && p.ClientSecret != "":
		return client.ServiceAccount(p.ClientID, p.ClientSecret), true
	}
	return c, false
}

// halfOf returns the setting of an incomplete pair of credentials that a profile has, and the missing one; "" if none is
// incomplete.
func halfOf(p *cliprofile.Profile) (set, missing string) {
	for _, pair := range []struct{ name, value, otherName, other string }{
		{"public_api_key", p.PublicKey, "private_api_key", p.PrivateKey},
		{"client_id", p.ClientID, "client_secret", p.ClientSecret},
	} {
		switch {
		case pair.value != "" && pair.other == "":
			return pair.name, pair.otherName
		case pair.value == "" && pair.other != "":
			return pair.otherName, pair.name
		}
	}
	return "", ""
}

// withoutCredentials returns the error for a profile whose credentials can't be used.
func withoutCredentials(p *cliprofile.Profile) error {
	cause := "the Atlas CLI keeps its credentials in the keyring of the operating system, which atlasint does not read"
	set, missing := halfOf(p)
	switch {
	case missing != "":
		cause = set + " is set and " + missing + " is not"
	case p.IsUser():
		cause = "it is that of a user who signed in with a browser, and atlasint needs an API key or a service account"
	}
	return exit.Usagef("the profile %s in %s has no credentials: %s; also set %s and %s, or %s and %s",
		redact.Value(p.Name), redact.Path(p.File), cause, PublicKeyVariable, PrivateKeyVariable, ClientIDVariable, ClientSecretVariable)
}

// noCredentials returns the error for an environment without credentials. It names the variables to set in place of those
// of other programs.
func noCredentials(getenv func(string) string) error {
	for _, s := range credentialSets(getenv) {
		var others []string
		for _, name := range s.names {
			if other := otherName(getenv, name); other != "" {
				others = append(others, other)
			}
		}
		if len(others) > 0 {
			return exit.Usagef("no credentials; atlasint does not read %s: set %s", strings.Join(others, " and "), s)
		}
	}
	return exit.Usagef("no credentials; set %s and %s, %s and %s, or %s; or add --profile with a profile of the Atlas CLI",
		PublicKeyVariable, PrivateKeyVariable, ClientIDVariable, ClientSecretVariable, AccessTokenVariable)
}

// projectHint returns the hint for a missing project ID.
func projectHint() string {
	if other := otherName(os.Getenv, ProjectVariable); other != "" {
		return "atlasint does not read " + other + ": set " + ProjectVariable
	}
	return "add --project ID, or set " + ProjectVariable
}
