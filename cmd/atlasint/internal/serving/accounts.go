package serving

import (
	"fmt"
	"io"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// Accounts are the credentials that a server accepts: those of a file, else an API key and a service account.
type Accounts struct {
	File         string // "" if there is none
	NoAuth       bool   // every request is accepted
	PublicKey    Credential
	PrivateKey   Credential
	ClientID     Credential
	ClientSecret Credential

	list []fakeatlas.Credential
}

// Single returns the credentials that have flags and variables of their own.
func (a *Accounts) Single() []*Credential {
	return []*Credential{&a.PublicKey, &a.PrivateKey, &a.ClientID, &a.ClientSecret}
}

// Read returns the credentials. isSet reports whether a flag was set.
func (a *Accounts) Read(isSet func(flag string) bool) (list []fakeatlas.Credential, err error) {
	if a.File == "" {
		for _, c := range a.Single() {
			if c.Public && strings.Contains(c.Value, ":") {
				return nil, problem.Inputf("%s has a colon, which clients can't send in it; use another one", c.name())
			}
		}
		a.list = []fakeatlas.Credential{
			{PublicKey: a.PublicKey.Value, PrivateKey: a.PrivateKey.Value},
			{ClientID: a.ClientID.Value, ClientSecret: a.ClientSecret.Value},
		}
		return a.list, nil
	}
	for _, c := range a.Single() {
		if isSet(c.Flag) {
			return nil, problem.Inputf("--%s has no use with --credentials, whose file has all credentials; leave one of them out", c.Flag)
		}
	}
	if a.NoAuth {
		return nil, problem.Inputf("--no-auth has no use with --credentials; leave one of them out")
	}
	a.list, err = readCredentials(a.File)
	return a.list, err
}

// write writes the credentials of the flags, or the number of those in the file.
func (a *Accounts) write(out io.Writer) {
	switch {
	case a.NoAuth:
		fmt.Fprintf(out, "No credentials are required.\n")
	case a.File != "":
		fmt.Fprintf(out, "credentials    %d from %s\n", len(a.list), redact.Path(a.File))
	default:
		fmt.Fprintf(out, "public key     %s\nprivate key    %s\nclient id      %s\nclient secret  %s\n",
			a.PublicKey.display(), a.PrivateKey.display(), a.ClientID.display(), a.ClientSecret.display())
	}
}

// curl returns a command line that lists the integrations of a project, or that gets a token if there are only service
// accounts. Cert is the certificate to trust, "" for none. curl prompts for a secret that must not be shown.
func (a *Accounts) curl(url, project, cert string) string {
	words := []string{"curl"}
	user, isKey := a.sampleUser()
	switch {
	case a.NoAuth:
	case isKey:
		words = append(words, "--digest", "--user", redact.Shell(user))
	default:
		words = append(words, "--user", redact.Shell(user), "--data", "grant_type=client_credentials")
	}
	if cert != "" {
		words = append(words, "--cacert", redact.Shell(cert))
	}
	if !a.NoAuth && !isKey {
		return strings.Join(append(words, redact.Shell(url+"/api/oauth/token")), " ")
	}
	words = append(words, "--header", redact.Shell("Accept: "+schemas.MediaTypeV2),
		redact.Shell(url+"/api/atlas/v2/groups/"+project+"/integrations"))
	return strings.Join(words, " ")
}

// sampleUser returns the user of the first API key, with its private key if that is documented, or of the first service
// account if there is no key.
func (a *Accounts) sampleUser() (user string, isKey bool) {
	for _, c := range a.list {
		switch {
		case c.PublicKey != "" && c.PrivateKey == a.PrivateKey.Default:
			return c.PublicKey + ":" + c.PrivateKey, true
		case c.PublicKey != "":
			return c.PublicKey, true
		}
	}
	return a.list[0].ClientID, false
}
