package fakeatlas

import (
	"fmt"
	"io"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
)

// The credentials that a server accepts by default. They are public, and valid for fakes only. Do not change them.
var (
	DefaultAPIKey         = Credential{PublicKey: "atlasint", PrivateKey: "fake0000-0000-4000-8000-0000private0"}
	DefaultServiceAccount = Credential{ClientID: "mdb_sa_id_00000000000000000000fake",
		ClientSecret: "mdb_sa_sk_fake_fake_fake_fake_fake_fake_fake"}
)

// Credential is an API key or a service account. Set the first two fields or the next two. PublicKey and ClientID have
// no colon. Package fmt and encoding/json show no secret of it.
type Credential struct {
	PublicKey, PrivateKey  string // of an API key: the user name and the password of the digest
	ClientID, ClientSecret string // of a service account: the credentials for the token endpoint

	// Role is ORG_OWNER, the default, which permits everything; GROUP_OWNER, which permits everything but the creation
	// of projects; or ORG_READ_ONLY or GROUP_READ_ONLY, which permit reads only. It applies to all organizations and
	// projects. Other requests get 401 USER_UNAUTHORIZED or NOT_ORG_GROUP_CREATOR.
	Role string

	// AccessList has the IP addresses and CIDR blocks that may use the credential; empty: all. Requests from other
	// addresses get 403 IP_ADDRESS_NOT_ON_ACCESS_LIST. The address is that of the connection. Headers such as
	// X-Forwarded-For are ignored.
	AccessList []string
}

// Format prints the kind and the public part of the credential for every verb.
func (c Credential) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, auth.CredentialSpec(c).Text())
}

// MarshalText returns the same text as Format.
func (c Credential) MarshalText() ([]byte, error) { return []byte(auth.CredentialSpec(c).Text()), nil }

// WithCredentials sets all credentials that the server accepts. The default is [DefaultAPIKey] and
// [DefaultServiceAccount], which may do everything.
func WithCredentials(list ...Credential) Option {
	return func(c *config) error {
		specs := make([]auth.CredentialSpec, len(list))
		for i, credential := range list {
			specs[i] = auth.CredentialSpec(credential)
		}
		var err error
		if c.credentials.Keys, c.credentials.Clients, err = auth.Accounts(specs); err != nil {
			return &OptionError{Option: "WithCredentials", Reason: err.Error()}
		}
		return nil
	}
}
