package serving

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/yamlform"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/internal/access"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// maxCredentials is the maximum size of a file of credentials in bytes.
const maxCredentials = 1 << 20

// readCredentials reads a file of credentials. No error contains a text of the file: any of them may be a secret. On
// Unix, other users of the machine must not be able to read the file.
func readCredentials(file string) ([]fakeatlas.Credential, error) {
	data, err := readPrivate(file)
	if err != nil {
		return nil, err
	}
	list, err := parseCredentials(data)
	var at *yamlform.PlaceError
	switch {
	case errors.As(err, &at):
		return nil, problem.Inputf("%s:%w", redact.Path(file), at)
	case err != nil:
		return nil, problem.Inputf("%s: %w", redact.Path(file), err)
	}
	return list, nil
}

// readPrivate reads a pipe, or a file that only the user of this process and the superuser can read or change. It
// checks the file that it has opened: the path may name another one by then.
func readPrivate(file string) ([]byte, error) {
	cause := func(err error) error {
		return problem.Failuref("can't read the credentials %s: %w", redact.Path(file), problem.Cause(err))
	}
	if info, err := os.Stat(file); err == nil && info.Mode()&fs.ModeNamedPipe != 0 {
		data, err := readfile.RegularOrPipe(file, maxCredentials)
		if err != nil {
			return nil, cause(err)
		}
		return data, nil
	}
	in, err := readfile.Open(file)
	if err != nil {
		return nil, cause(err)
	}
	defer in.Close()
	perm, owner, err := in.Access()
	if err != nil {
		return nil, cause(err)
	}
	if err := checkAccess(file, perm, owner); err != nil {
		return nil, err
	}
	data, err := readfile.All(in, maxCredentials)
	if err != nil {
		return nil, cause(err)
	}
	return data, nil
}

// checkAccess returns an error if other users can read or change a file with these permissions and this owner.
func checkAccess(file string, perm fs.FileMode, owner int) error {
	switch {
	case runtime.GOOS == "windows":
		return nil
	case owner > 0 && owner != os.Geteuid():
		return problem.Inputf("the credentials %s belong to another user of the machine (ID %d); change the owner with chown",
			redact.Path(file), owner)
	case perm&0o077 != 0:
		return problem.Inputf("other users of the machine can read or change the credentials %s (mode %04o); run chmod 600 %[1]s",
			redact.Path(file), perm)
	}
	return nil
}

// credentialsForm returns the form of a file of credentials. A file is YAML; JSON is YAML as well.
func credentialsForm() *yamlform.Form {
	return &yamlform.Form{
		File: "a file of credentials", Owner: "the file", Secret: true, Nullable: true,
		Keys: []yamlform.Key{
			{Name: "apiKeys", Form: credentialList("an API key", "publicKey", "privateKey")},
			{Name: "serviceAccounts", Form: credentialList("a service account", "clientId", "clientSecret")},
		},
	}
}

// credentialList returns the form of a list of credentials, with two keys for each.
func credentialList(owner, user, secret string) *yamlform.Form {
	list := &yamlform.Form{Valid: entryFault}
	return &yamlform.Form{
		Write: "begin each one with - " + user + ":",
		Items: &yamlform.Form{
			Owner: owner, Secret: true,
			Keys: []yamlform.Key{
				{Name: user, Form: &yamlform.Form{Valid: userFault, Lenient: true}, Required: "no " + user + "; add it"},
				{Name: secret, Form: &yamlform.Form{Valid: emptyFault, Lenient: true}, Required: "no " + secret + "; add it"},
				{Name: "role", Form: &yamlform.Form{Valid: roleFault}},
				{Name: "accessList", Form: &yamlform.Form{Items: list}},
			},
		},
	}
}

func emptyFault(text string) string {
	if text == "" {
		return "want a text that is not empty"
	}
	return ""
}

func userFault(text string) string {
	if strings.Contains(text, ":") {
		return "want a text without a colon, which clients can't send in it"
	}
	return emptyFault(text)
}

func roleFault(text string) string {
	if _, err := access.ParseRole(text); err != nil {
		return err.Error()
	}
	return emptyFault(text)
}

func entryFault(text string) string {
	if _, err := access.ParseEntry(text); err != nil {
		return "not an IP address or CIDR block, such as 192.0.2.7 or 10.0.0.0/8"
	}
	return ""
}

func parseCredentials(data []byte) ([]fakeatlas.Credential, error) {
	root, err := credentialsForm().Parse(data)
	if err != nil {
		return nil, err
	}
	keys, err := credentialsOf(yamltree.Lookup(root, "apiKeys"), "publicKey")
	if err != nil {
		return nil, err
	}
	accounts, err := credentialsOf(yamltree.Lookup(root, "serviceAccounts"), "clientId")
	if err != nil {
		return nil, err
	}
	if len(keys)+len(accounts) == 0 {
		return nil, errors.New("no credentials; add apiKeys or serviceAccounts")
	}
	return append(keys, accounts...), nil
}

// credentialsOf returns the credentials of a list, whose values of a key differ.
func credentialsOf(list *yaml.Node, user string) (credentials []fakeatlas.Credential, err error) {
	seen := map[string]int{}
	for _, item := range yamltree.Elements(list) {
		c := fakeatlas.Credential{
			PublicKey: yamltree.Text(item, "publicKey"), PrivateKey: yamltree.Text(item, "privateKey"),
			ClientID: yamltree.Text(item, "clientId"), ClientSecret: yamltree.Text(item, "clientSecret"),
			Role: yamltree.Text(item, "role"),
		}
		for _, entry := range yamltree.Elements(yamltree.Lookup(item, "accessList")) {
			c.AccessList = append(c.AccessList, entry.Value)
		}
		name := yamltree.Text(item, user)
		if line := seen[name]; line > 0 {
			return nil, yamlform.ErrorAt(item, "the same %s as in line %d; each is listed once", user, line)
		}
		seen[name] = item.Line
		credentials = append(credentials, c)
	}
	return credentials, nil
}
