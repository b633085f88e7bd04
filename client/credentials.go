package client

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Credentials authenticate a [Client]. Create them with [APIKey], [ServiceAccount] or [AccessToken]; [New] checks
// them. Printing them, or a value that contains them, shows no credential.
type Credentials struct {
	hidden unprinted[login]
}

// login is the content of [Credentials].
type login struct {
	credentials
	parts []credentialPart
}

type credentialPart struct{ name, value string }

// The names of the parts that are user names.
const (
	namePublicKey = "public key"
	nameClientID  = "client id"
)

// APIKey returns the credentials of an API key: the public key is the user name of HTTP digest, the private key the
// password, which is never sent.
func APIKey(publicKey, privateKey string) Credentials {
	return newCredentials(&apiKey{publicKey, privateKey}, credentialPart{namePublicKey, publicKey}, credentialPart{"private key", privateKey})
}

// ServiceAccount returns the credentials of a service account. The client gets access tokens when it needs them, renews
// them before they expire, and revokes the last one in [Client.Close].
func ServiceAccount(clientID, clientSecret string) Credentials {
	return newCredentials(&serviceAccount{clientID, clientSecret}, credentialPart{nameClientID, clientID}, credentialPart{"client secret", clientSecret})
}

// AccessToken returns the credentials of an existing access token. The client neither renews nor revokes it.
func AccessToken(token string) Credentials {
	return newCredentials(&bearer{token}, credentialPart{"access token", token})
}

func newCredentials(c credentials, parts ...credentialPart) Credentials {
	return Credentials{hide(login{c, parts})}
}

// Format prints the same text for every verb.
func (c Credentials) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "credentials") }

// newAuthenticator returns the authentication of a client at a base URL.
func (c Credentials) newAuthenticator(base string, httpClient *http.Client) authenticator {
	return c.hidden.get().newAuthenticator(base, httpClient)
}

// check returns a [*UsageError] that never shows a value.
func (c Credentials) check() error {
	if c.hidden == nil {
		return wrongOption("Credentials", "use APIKey, ServiceAccount or AccessToken", "there are no credentials")
	}
	for _, part := range c.hidden.get().parts {
		if err := part.check(); err != nil {
			return err
		}
	}
	return nil
}

// next returns what to do if a part is empty.
func (p credentialPart) next() string {
	switch {
	case strings.HasSuffix(p.name, "key"):
		return "pass both parts of the API key"
	case strings.HasPrefix(p.name, "client"):
		return "pass both parts of the service account"
	}
	return "pass the token"
}

func (p credentialPart) check() error {
	switch {
	case p.value == "":
		return wrongOption("Credentials", p.next(), "the %s is empty", p.name)
	case strings.TrimSpace(p.value) != p.value:
		return wrongOption("Credentials", "remove it, such as the line end of a file", "the %s begins or ends with white space", p.name)
	case len(p.value) > 7 && strings.EqualFold(p.value[:7], "Bearer "):
		return wrongOption("Credentials", "leave the word out", "the %s begins with the word Bearer", p.name)
	case strings.Contains(p.value, ":") && (p.name == namePublicKey || p.name == nameClientID): // RFC 7617: a user name ends there
		return wrongOption("Credentials", "copy it again", "the %s has a colon, which can't be sent in it", p.name)
	case strings.ContainsFunc(p.value, func(r rune) bool { return r <= ' ' || r > '~' }):
		return wrongOption("Credentials", "copy it again", "the %s contains characters that are not allowed, such as white space", p.name)
	}
	return nil
}
