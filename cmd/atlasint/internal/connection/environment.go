package connection

import (
	"os"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
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
	BaseURLVariable      = atlas.BaseURLVariable
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

// credentialSet is one kind of credentials in the environment or in a profile: an API key, a service account or a
// token.
type credentialSet struct {
	names  []string
	values []string
	create func(values []string) client.Credentials
}

func apiKeySet(names, values []string) credentialSet {
	return credentialSet{names, values, func(v []string) client.Credentials { return client.APIKey(v[0], v[1]) }}
}

func accountSet(names, values []string) credentialSet {
	return credentialSet{names, values, func(v []string) client.Credentials { return client.ServiceAccount(v[0], v[1]) }}
}

func credentialSets(getenv func(string) string) []credentialSet {
	sets := []credentialSet{
		apiKeySet([]string{PublicKeyVariable, PrivateKeyVariable}, nil),
		accountSet([]string{ClientIDVariable, ClientSecretVariable}, nil),
		{names: []string{AccessTokenVariable}, create: func(v []string) client.Credentials { return client.AccessToken(v[0]) }},
	}
	for i := range sets {
		for _, name := range sets[i].names {
			sets[i].values = append(sets[i].values, getenv(name))
		}
	}
	return sets
}

// setsOfProfile returns the kinds of credentials that the auth_type of a profile allows.
func setsOfProfile(p *cliprofile.Profile) []credentialSet {
	key := apiKeySet([]string{"public_api_key", "private_api_key"}, []string{p.PublicKey, p.PrivateKey})
	account := accountSet([]string{"client_id", "client_secret"}, []string{p.ClientID, p.ClientSecret})
	switch p.AuthType {
	case "api_keys":
		return []credentialSet{key}
	case "service_account":
		return []credentialSet{account}
	case "user_account":
		return nil
	}
	return []credentialSet{key, account}
}

// nonEmptySets returns the sets of which a part or all is set.
func nonEmptySets(sets []credentialSet) []credentialSet {
	return slices.DeleteFunc(sets, func(s credentialSet) bool { return !s.isSet() })
}

// secret returns the secret part: the private key, the client secret or the token.
func (s credentialSet) secret() string { return s.values[len(s.values)-1] }

func (s credentialSet) isSet() bool { return strings.Join(s.values, "") != "" }

func (s credentialSet) isComplete() bool { return !slices.Contains(s.values, "") }

// completes reports whether s has all that is set in half.
func (s credentialSet) completes(half credentialSet) bool {
	return s.isComplete() && !slices.ContainsFunc(half.values, func(v string) bool { return v != "" && !slices.Contains(s.values, v) })
}

func (s credentialSet) String() string { return strings.Join(s.names, " and ") }

// joinNames returns the names of several sets.
func joinNames(sets []credentialSet) string {
	var names []string
	for _, s := range sets {
		names = append(names, s.String())
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + ", and " + names[last]
}

// check returns an error if a part is missing.
func (s credentialSet) check(getenv func(string) string) error {
	for i, value := range s.values {
		if value != "" {
			continue
		}
		if other := otherName(getenv, s.names[i]); other != "" {
			return problem.Inputf("%s is not set; atlasint does not read %s: set %s to its value", s.names[i], other, s.names[i])
		}
		return problem.Inputf("%s is set and %s is not; set both", s.names[1-i], s.names[i])
	}
	return nil
}

// chooseCredentials returns the credentials of the profile, if there is a profile with credentials, or else those of
// the environment. A profile with a half of a pair needs an environment with the same half.
func chooseCredentials(profile *cliprofile.Profile, getenv func(string) string) (credentialSet, error) {
	var ofProfile []credentialSet
	if profile != nil {
		ofProfile = nonEmptySets(setsOfProfile(profile))
	}
	sets := nonEmptySets(credentialSets(getenv))
	switch {
	case len(ofProfile) > 1:
		return credentialSet{}, problem.Inputf(
			"the profile %s in %s has several credentials: %s; keep one of them, or set auth_type to api_keys or service_account",
			redact.Value(profile.Name), redact.Path(profile.File), joinNames(ofProfile))
	case len(ofProfile) == 1 && ofProfile[0].isComplete():
		return ofProfile[0], nil
	case len(sets) > 1:
		return credentialSet{}, problem.Inputf("the environment has several credentials: %s; unset all but one of them", joinNames(sets))
	case len(ofProfile) == 1 && (len(sets) == 0 || !sets[0].completes(ofProfile[0])):
		return credentialSet{}, halfPairError(profile, ofProfile[0])
	case len(sets) == 1:
		return sets[0], sets[0].check(getenv)
	case profile != nil:
		return credentialSet{}, withoutCredentials(profile)
	}
	return credentialSet{}, noCredentials(getenv)
}

// halfPairError returns the error for a profile with a half of a pair of credentials, of which the environment does
// not have both.
func halfPairError(p *cliprofile.Profile, half credentialSet) error {
	missing := slices.Index(half.values, "")
	return problem.Inputf(
		"the profile %s in %s has no credentials: %s is set and %s is not; add it, or remove %[3]s and set the credentials in the environment",
		redact.Value(p.Name), redact.Path(p.File), half.names[1-missing], half.names[missing])
}

// withoutCredentials returns the error for a profile whose credentials can't be used.
func withoutCredentials(p *cliprofile.Profile) error {
	cause := "the Atlas CLI keeps its credentials in the keyring of the operating system, which atlasint does not read"
	if p.IsUser() {
		cause = "it is that of a user who signed in with a browser, and atlasint needs an API key or a service account"
	}
	return problem.Inputf("the profile %s in %s has no credentials: %s; also set %s and %s, or %s and %s",
		redact.Value(p.Name), redact.Path(p.File), cause, PublicKeyVariable, PrivateKeyVariable, ClientIDVariable, ClientSecretVariable)
}

// noCredentials returns the error for an environment without credentials. It names the variables to set in place of
// those of other programs.
func noCredentials(getenv func(string) string) error {
	for _, s := range credentialSets(getenv) {
		var others []string
		for _, name := range s.names {
			if other := otherName(getenv, name); other != "" {
				others = append(others, other)
			}
		}
		if len(others) > 0 {
			return problem.Inputf("no credentials; atlasint does not read %s: set %s", strings.Join(others, " and "), s)
		}
	}
	return problem.Inputf("no credentials; set %s and %s, %s and %s, or %s; or add --profile with a profile of the Atlas CLI",
		PublicKeyVariable, PrivateKeyVariable, ClientIDVariable, ClientSecretVariable, AccessTokenVariable)
}

// projectHint returns the hint for a missing project ID.
func projectHint() string {
	if other := otherName(os.Getenv, ProjectVariable); other != "" {
		return "atlasint does not read " + other + ": set " + ProjectVariable
	}
	return "add --project ID, set " + ProjectVariable + ", or write groupId into " + workspace.ConfigName
}
