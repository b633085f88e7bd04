package auth

import (
	"errors"
	"fmt"

	"github.com/atlasint/atlasint/internal/access"
)

// Given is a credential as users of the fake write it: an API key, or a service account.
type Given struct {
	PublicKey, PrivateKey  string
	ClientID, ClientSecret string
	Role                   string
	AccessList             []string
}

// Accounts returns the accounts of API keys and of service accounts. The error names the first wrong credential by its
// position and contains no text of it.
func Accounts(list []Given) (keys, clients []Account, err error) {
	for i, g := range list {
		account, err := g.account()
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("credential %d: %w", i+1, err)
		case g.isClient():
			clients = append(clients, account)
		default:
			keys = append(keys, account)
		}
	}
	return keys, clients, nil
}

func (g Given) isKey() bool { return g.PublicKey != "" || g.PrivateKey != "" }

func (g Given) isClient() bool { return g.ClientID != "" || g.ClientSecret != "" }

// Text returns the kind and the public part of the credential.
func (g Given) Text() string {
	if g.isClient() {
		return "service account " + g.ClientID
	}
	return "API key " + g.PublicKey
}

func (g Given) account() (account Account, err error) {
	account = Account{User: g.PublicKey + g.ClientID, Secret: g.PrivateKey + g.ClientSecret}
	isWhole := account.User != "" && account.Secret != ""
	switch {
	case g.isKey() == g.isClient():
		return account, errors.New("want an API key or a service account")
	case g.isKey() && !isWhole:
		return account, errors.New("the public or private part of the API key is empty; set both")
	case !isWhole:
		return account, errors.New("the ID or secret of the service account is empty; set both")
	}
	if account.Role, err = access.ParseRole(g.Role); err != nil {
		return account, err
	}
	for _, text := range g.AccessList {
		entry, err := access.ParseEntry(text)
		if err != nil {
			return account, fmt.Errorf("access list: %w", err)
		}
		account.AccessList = append(account.AccessList, entry)
	}
	return account, nil
}
