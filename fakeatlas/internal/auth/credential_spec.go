package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/internal/access"
)

// CredentialSpec is a credential as users of the fake write it: an API key, or a service account.
type CredentialSpec struct {
	PublicKey, PrivateKey  string
	ClientID, ClientSecret string
	Role                   string
	AccessList             []string
}

// Accounts returns the accounts of API keys and of service accounts. The error names the first wrong credential by its
// position and contains no text of it.
func Accounts(list []CredentialSpec) (keys, clients []Account, err error) {
	for i, g := range list {
		account, err := g.account()
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("credential %d: %w", i+1, err)
		case g.isClient() && hasUser(clients, account.User):
			return nil, nil, errors.New("two service accounts have the same client ID")
		case !g.isClient() && hasUser(keys, account.User):
			return nil, nil, errors.New("two API keys have the same public key")
		case g.isClient():
			clients = append(clients, account)
		default:
			keys = append(keys, account)
		}
	}
	return keys, clients, nil
}

func hasUser(accounts []Account, user string) bool {
	return slices.ContainsFunc(accounts, func(a Account) bool { return a.User == user })
}

func (c CredentialSpec) isKey() bool { return c.PublicKey != "" || c.PrivateKey != "" }

func (c CredentialSpec) isClient() bool { return c.ClientID != "" || c.ClientSecret != "" }

// Text returns the kind and the public part of the credential.
func (c CredentialSpec) Text() string {
	if c.isClient() {
		return "service account " + c.ClientID
	}
	return "API key " + c.PublicKey
}

func (c CredentialSpec) account() (account Account, err error) {
	account = Account{User: c.PublicKey + c.ClientID, Secret: c.PrivateKey + c.ClientSecret}
	isWhole := account.User != "" && account.Secret != ""
	switch {
	case c.isKey() == c.isClient():
		return account, errors.New("want an API key or a service account")
	case c.isKey() && !isWhole:
		return account, errors.New("the public or private part of the API key is empty")
	case !isWhole:
		return account, errors.New("the ID or secret of the service account is empty")
	case strings.Contains(account.User, ":"): // RFC 7617: the name of a user ends at the first one
		return account, errors.New("the public key or client ID has a colon, which clients can't send in it")
	}
	if account.Role, err = access.ParseRole(c.Role); err != nil {
		return account, err
	}
	for _, text := range c.AccessList {
		entry, err := access.ParseEntry(text)
		if err != nil {
			return account, fmt.Errorf("access list: %w", err)
		}
		account.AccessList = append(account.AccessList, entry)
	}
	return account, nil
}
