package connection

import (
	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/atlas"
)

// The environment variables of commands that call Atlas.
const (
	PublicKeyVariable    = atlas.PublicKeyVariable
	PrivateKeyVariable   = atlas.PrivateKeyVariable
	ClientIDVariable     = atlas.ClientIDVariable
	ClientSecretVariable = atlas.ClientSecretVariable
	BaseURLVariable      = "MONGODB_ATLAS_BASE_URL"
	ProjectVariable      = "MONGODB_ATLAS_PROJECT_ID"
)

// credentialsOf reads the credentials from the environment. There are no flags for them: other users can see flags.
func credentialsOf(getenv func(string) string) (client.Credentials, error) {
	public, private := getenv(PublicKeyVariable), getenv(PrivateKeyVariable)
	id, secret := getenv(ClientIDVariable), getenv(ClientSecretVariable)
	key, account := public+private != "", id+secret != ""
	switch {
	case key && account:
		return client.Credentials{}, exit.Usagef("the environment has both an API key and a service account; unset %s and %s, or %s and %s",
			PublicKeyVariable, PrivateKeyVariable, ClientIDVariable, ClientSecretVariable)
	case !key && !account:
		return client.Credentials{}, exit.Usagef("no credentials; set %s and %s, or %s and %s",
			PublicKeyVariable, PrivateKeyVariable, ClientIDVariable, ClientSecretVariable)
	case key:
		return client.APIKey(public, private), requireBoth(PublicKeyVariable, public, PrivateKeyVariable, private)
	}
	return client.ServiceAccount(id, secret), requireBoth(ClientIDVariable, id, ClientSecretVariable, secret)
}

func requireBoth(name, value, otherName, other string) error {
	switch {
	case value == "":
		return exit.Usagef("%s is set and %s is not; set both", otherName, name)
	case other == "":
		return exit.Usagef("%s is set and %s is not; set both", name, otherName)
	}
	return nil
}
