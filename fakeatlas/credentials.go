package fakeatlas

import (
	"errors"
	"fmt"
	"io"

	"github.com/atlasint/atlasint/fakeatlas/internal/auth"
	"github.com/atlasint/atlasint/internal/access"
)

// The default credentials. They are public, and valid for fakes only.
const (
	DefaultPublicKey    = "atlasint"
	DefaultPrivateKey   = "fake0000-0000-4000-8000-0000private0"
	DefaultClientID     = "mdb_sa_id_00000000000000000000fake"
	DefaultClientSecret = "mdb_sa_sk_fake_fake_fake_fake_fake_fake_fake"
)

var defaultCredentials = []Credential{
	{PublicKey: DefaultPublicKey, PrivateKey: DefaultPrivateKey},
	{ClientID: DefaultClientID, ClientSecret: DefaultClientSecret},
}

// Credential is an API key or a service account. Set the first two fields or the next two. Package fmt and encoding/json
// show no secret of it.
type Credential struct {
	PublicKey, PrivateKey  string // of an API key: the user name and the password of the digest
	ClientID, ClientSecret string // of a service account: what the token endpoint accepts

	// Role is ORG_OWNER, the default, which permits everything; GROUP_OWNER, which permits everything but the creation
	// of projects; or ORG_READ_ONLY or GROUP_READ_ONLY, which permit reads only. It applies to all organizations and
	// projects. Other requests get 401 USER_UNAUTHORIZED or NOT_ORG_GROUP_CREATOR.
	Role string

	// AccessList has the IP addresses and CIDR blocks that may use the credential; empty: all. Requests from other
	// addresses get 403 IP_ADDRESS_NOT_ON_ACCESS_LIST. The address is that of the connection, whatever headers such as
	// X-Forwarded-For contain.
	AccessList []string
}

// Format prints the kind and the public part of the credential for every verb.
func (c Credential) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.text()) }

// MarshalText returns the same text as Format.
func (c Credential) MarshalText() ([]byte, error) { return []byte(c.text()), nil }

func (c Credential) text() string {
	if c.ClientID != "" || c.ClientSecret != "" {
		return "service account " + c.ClientID
	}
	return "API key " + c.PublicKey
}

// account returns the account of a credential, and whether it is a service account.
func (c Credential) account() (account auth.Account, isClient bool, err error) {
	isKey := c.PublicKey != "" || c.PrivateKey != ""
	isClient = c.ClientID != "" || c.ClientSecret != ""
	account = auth.Account{User: c.PublicKey + c.ClientID, Secret: c.PrivateKey + c.ClientSecret}
	switch {
	case isKey == isClient:
		return account, isClient, errors.New("want an API key or a service account")
	case isKey && (account.User == "" || account.Secret == ""):
		return account, isClient, errors.New("an API key has a public and a private part, and neither is empty")
	case account.User == "" || account.Secret == "":
		return account, isClient, errors.New("a service account has an id and a secret, and neither is empty")
	}
	if account.Role, err = access.ParseRole(c.Role); err != nil {
		return account, isClient, err
	}
	for _, text := range c.AccessList {
		entry, err := access.ParseEntry(text)
		if err != nil {
			return account, isClient, fmt.Errorf("access list: %w", err)
		}
		account.AccessList = append(account.AccessList, entry)
	}
	return account, isClient, nil
}

// WithCredentials sets all credentials that the server accepts. By default they are an API key and a service account
// that may do everything: [DefaultPublicKey] and the constants beside it.
func WithCredentials(list ...Credential) Option {
	return func(c *config) error {
		c.credentials.Keys, c.credentials.Clients = nil, nil
		for i, credential := range list {
			account, isClient, err := credential.account()
			switch {
			case err != nil:
				return fmt.Errorf("credential %d: %w", i+1, err)
			case isClient:
				c.credentials.Clients = append(c.credentials.Clients, account)
			default:
				c.credentials.Keys = append(c.credentials.Keys, account)
			}
		}
		return nil
	}
}
