package serving

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/internal/access"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/yamlpos"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// maxCredentials is the maximum size of a file of credentials in bytes.
const maxCredentials = 1 << 20

// The keys of a file of credentials. A file is YAML; JSON is YAML as well.
var (
	credentialKeys = []string{"apiKeys", "serviceAccounts"}
	apiKeyKeys     = []string{"publicKey", "privateKey", "role", "accessList"}
	accountKeys    = []string{"clientId", "clientSecret", "role", "accessList"}
)

// readCredentials reads a file of credentials. No error contains a text of the file: any of them may be a secret. On
// Unix, other users of the machine must not be able to read the file.
func readCredentials(file string) ([]fakeatlas.Credential, error) {
	data, err := readfile.RegularOrPipe(file, maxCredentials)
	if err != nil {
		return nil, exit.Failuref("can't read the credentials %s: %v", redact.Path(file), exit.Cause(err))
	}
	if info, err := os.Stat(file); err == nil && runtime.GOOS != "windows" && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		return nil, exit.Usagef("other users of the machine can read or change the credentials %s (mode %04o); run chmod 600 %[1]s",
			redact.Path(file), info.Mode().Perm())
	}
	list, err := parseCredentials(data)
	if err != nil {
		return nil, exit.Usagef("%s: %v", redact.Path(file), err)
	}
	return list, nil
}

func parseCredentials(data []byte) ([]fakeatlas.Credential, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, lineError(yamlpos.ErrorLine(err), "not valid YAML or JSON; check quotes, indentation and brackets")
	}
	if len(doc.Content) == 0 {
		return nil, errors.New("no credentials; add apiKeys or serviceAccounts")
	}
	root := yamltree.Resolve(doc.Content[0])
	if err := checkMembers(root, credentialKeys); err != nil {
		return nil, err
	}
	keys, err := credentialList(root, "apiKeys", apiKeyKeys)
	if err != nil {
		return nil, err
	}
	accounts, err := credentialList(root, "serviceAccounts", accountKeys)
	if err != nil {
		return nil, err
	}
	if len(keys)+len(accounts) == 0 {
		return nil, lineError(root.Line, "no credentials; add apiKeys or serviceAccounts")
	}
	return append(keys, accounts...), nil
}

// credentialList reads one of the two lists. The first two of its keys are required.
func credentialList(root *yaml.Node, name string, keys []string) (list []fakeatlas.Credential, err error) {
	node := yamltree.Lookup(root, name)
	if node == nil || node.Tag == "!!null" {
		return nil, nil
	}
	if node.Kind != yaml.SequenceNode {
		return nil, lineError(node.Line, name+": want a list")
	}
	seen := map[string]int{}
	for _, item := range yamltree.Elements(node) {
		c, err := credentialOf(item, keys)
		if err != nil {
			return nil, err
		}
		user := c.PublicKey + c.ClientID
		if line := seen[user]; line > 0 {
			return nil, lineError(item.Line, fmt.Sprintf("the same %s as in line %d; each is listed once", keys[0], line))
		}
		seen[user] = item.Line
		list = append(list, c)
	}
	return list, nil
}

func credentialOf(item *yaml.Node, keys []string) (c fakeatlas.Credential, err error) {
	if err := checkMembers(item, keys); err != nil {
		return c, err
	}
	texts := map[string]string{}
	for key, value := range yamltree.Pairs(item) {
		switch {
		case key.Value == "accessList":
			if c.AccessList, err = accessListOf(value); err != nil {
				return c, err
			}
		case value.Kind != yaml.ScalarNode || value.Tag == "!!null" || value.Value == "":
			return c, lineError(value.Line, key.Value+": want a text that is not empty")
		default:
			texts[key.Value] = value.Value
		}
	}
	for _, key := range keys[:2] {
		if texts[key] == "" {
			return c, lineError(item.Line, "no "+key+"; add it")
		}
	}
	if _, err := access.ParseRole(texts["role"]); err != nil {
		return c, lineError(yamltree.Lookup(item, "role").Line, "role: "+err.Error())
	}
	c.PublicKey, c.PrivateKey, c.ClientID, c.ClientSecret = texts["publicKey"], texts["privateKey"], texts["clientId"], texts["clientSecret"]
	c.Role = texts["role"]
	return c, nil
}

func accessListOf(node *yaml.Node) (list []string, err error) {
	if node.Kind != yaml.SequenceNode {
		return nil, lineError(node.Line, "accessList: want a list of IP addresses and CIDR blocks")
	}
	for _, entry := range yamltree.Elements(node) {
		if _, err := access.ParseEntry(entry.Value); err != nil || entry.Kind != yaml.ScalarNode {
			return nil, lineError(entry.Line, "accessList: an entry is not an IP address or CIDR block, such as 192.0.2.7 or 10.0.0.0/8")
		}
		list = append(list, entry.Value)
	}
	return list, nil
}

// checkMembers returns an error unless a node is a mapping with known keys, each once.
func checkMembers(node *yaml.Node, known []string) error {
	if node.Kind != yaml.MappingNode {
		return lineError(node.Line, "want a mapping with the keys "+strings.Join(known, ", "))
	}
	seen := map[string]bool{}
	for key := range yamltree.Pairs(node) {
		near := suggest.Nearest(key.Value, known)
		switch {
		case seen[key.Value]:
			return lineError(key.Line, "the key "+key.Value+" occurs twice; keep one of them")
		case near == key.Value:
			seen[near] = true
		case near != "":
			return lineError(key.Line, "unknown key; did you mean "+near+"?")
		default:
			return lineError(key.Line, "unknown key; the keys are "+strings.Join(known, ", "))
		}
	}
	return nil
}

func lineError(line int, text string) error {
	if line == 0 {
		return errors.New(text)
	}
	return fmt.Errorf("line %d: %s", line, text)
}
