package serving

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/fakeatlas"
)

func writeCredentials(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "credentials.yaml")
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestReadCredentials(t *testing.T) {
	want := []fakeatlas.Credential{
		{PublicKey: "a", PrivateKey: "0123"}, {PublicKey: "b", PrivateKey: "true", Role: "ORG_READ_ONLY", AccessList: []string{"10.0.0.0/8", "192.0.2.7"}},
		{ClientID: "a", ClientSecret: "s", Role: "GROUP_OWNER"},
	}
	for name, text := range map[string]string{
		"YAML": "serviceAccounts:\n- {clientId: a, clientSecret: s, role: GROUP_OWNER}\napiKeys:\n- publicKey: a\n  privateKey: 0123\n" +
			"- publicKey: b\n  privateKey: true\n  role: ORG_READ_ONLY\n  accessList:\n  - 10.0.0.0/8\n  - 192.0.2.7\n",
		"JSON": `{"apiKeys": [{"publicKey": "a", "privateKey": "0123"}, {"publicKey": "b", "privateKey": "true", "role": "ORG_READ_ONLY",
			"accessList": ["10.0.0.0/8", "192.0.2.7"]}], "serviceAccounts": [{"clientId": "a", "clientSecret": "s", "role": "GROUP_OWNER"}]}`,
		"aliases": "apiKeys:\n- {publicKey: &a a, privateKey: '0123'}\n" +
			"- {publicKey: b, privateKey: true, role: ORG_READ_ONLY, accessList: [10.0.0.0/8, 192.0.2.7]}\n" +
			"serviceAccounts: [{clientId: *a, clientSecret: s, role: GROUP_OWNER}]\n",
	} {
		got, err := readCredentials(writeCredentials(t, text, 0o600))
		if diff := cmp.Diff(fields(want), fields(got)); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		if _, err := fakeatlas.New(fakeatlas.WithCredentials(got...)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// fields returns all fields as text: a credential prints without its secrets.
func fields(list []fakeatlas.Credential) (texts []string) {
	for _, c := range list {
		texts = append(texts, fmt.Sprintf("%q", []string{c.PublicKey, c.PrivateKey, c.ClientID, c.ClientSecret, c.Role, strings.Join(c.AccessList, " ")}))
	}
	return texts
}

// Errors name the place and the next step, and contain no text of the file.
func TestCredentialErrors(t *testing.T) {
	const key = "apiKeys:\n- publicKey: canary\n  privateKey: canary\n"
	for text, want := range map[string]string{
		"":                              ": no credentials; add apiKeys or serviceAccounts",
		"{}":                            ": no credentials; add apiKeys or serviceAccounts",
		"apiKeys:\nserviceAccounts: []": ": no credentials; add apiKeys or serviceAccounts",
		"canary":                        ":1:1: want a mapping, got a text; the file has the keys apiKeys, serviceAccounts",
		"[canary]":                      ":1:1: want a mapping, got a list; the file has the keys apiKeys, serviceAccounts",
		"a: b\n\tcanary: x":             ":2:1: not valid YAML or JSON; check quotes, indentation and brackets",
		"apiKeys: *canary":              ":1:1: not valid YAML or JSON; check quotes, indentation and brackets",
		"apikeys: []":                   ":1:1: unknown key; did you mean apiKeys?",
		"canary-canary: []":             ":1:1: unknown key; the keys are apiKeys, serviceAccounts",
		key + "apiKeys: []":             ":4:1: the key occurs twice; keep one of them",
		"apiKeys: canary":               ":1:10: apiKeys: want a list, got a text; begin each one with - publicKey:",
		"apiKeys:\n- canary": ":2:3: apiKeys[0]: want a mapping, got a text; " +
			"an API key has the keys accessList, privateKey, publicKey, role",
		"serviceAccounts:\n- clientId: canary:x\n  clientSecret: a:b": ":2:13: serviceAccounts[0].clientId: want a text without a colon, which clients can't send in it",
		"apiKeys:\n- publicKey: ':canary'\n  privateKey: x":           ":2:14: apiKeys[0].publicKey: want a text without a colon, which clients can't send in it",
		key + "- publicKey: !canary x\n  privateKey: y":               ":4:14: apiKeys[1].publicKey: want a text, got a value with a tag; write it in quotes",
		"apiKeys: !!canary []":                                        ":1:10: apiKeys: tags are not supported; remove the tag",
		"apiKeys:\n- publicKey: canary":                               ":2:3: apiKeys[0]: no privateKey; add it",
		"apiKeys:\n- privateKey: canary":                              ":2:3: apiKeys[0]: no publicKey; add it",
		"serviceAccounts:\n- clientId: canary":                        ":2:3: serviceAccounts[0]: no clientSecret; add it",
		key + "  clientId: canary":                                    ":4:3: unknown key; the keys are accessList, privateKey, publicKey, role",
		key + "  roles: canary":                                       ":4:3: unknown key; did you mean role?",
		key + "  role: canary":                                        ":4:9: apiKeys[0].role: unknown role; it is ORG_OWNER, GROUP_OWNER, ORG_READ_ONLY or GROUP_READ_ONLY",
		key + "  role: [canary]":                                      ":4:9: apiKeys[0].role: want a text, got a list",
		key + "  role:":                                               ":4:8: apiKeys[0].role: want a text, got no value",
		key + "  accessList: canary": ":4:15: apiKeys[0].accessList: want a list of texts; " +
			"write [TEXT, TEXT], or each TEXT on a line after -",
		key + "  accessList:\n  - ::1\n  - canary": ":6:5: apiKeys[0].accessList[1]: not an IP address or CIDR block, such as 192.0.2.7 or 10.0.0.0/8",
		key + "  accessList:\n  - [canary]": ":5:3: apiKeys[0].accessList: want a list of texts; " +
			"write [TEXT, TEXT], or each TEXT on a line after -",
		key + "- publicKey: canary\n  privateKey: other": ":4:3: the same publicKey as in line 2; each is listed once",
		key + "  canary-canary: x":                       ":4:3: unknown key; the keys are accessList, privateKey, publicKey, role",
		key + "---\ncanary: x":                           ":4:1: a second YAML document; a file of credentials is one document",
		"canary: 1\ncanary: 2":                           ":2:1: the key occurs twice; keep one of them",
		"apiKeys: &a [*a]": ":1:10: apiKeys[0]: want a mapping, got a list; " +
			"an API key has the keys accessList, privateKey, publicKey, role",
	} {
		file := writeCredentials(t, text, 0o600)
		_, err := readCredentials(file)
		if problem.KindOf(err) != problem.Input || err.Error() != file+want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: the error shows the file: %v", text, err)
		}
	}
}

// The owner of a file can change it, whatever its mode is. Only the superuser can read such a file.
func TestCredentialFileOwners(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("owners of Unix")
	}
	own := os.Geteuid()
	for owner, want := range map[int]bool{-1: true, 0: true, own: true, own + 1: false} {
		if err := checkAccess("c.yaml", 0o600, owner); (err == nil) != want {
			t.Errorf("user %d, owner %d: %v", own, owner, err)
		}
	}
	file := writeCredentials(t, "apiKeys: [{publicKey: a, privateKey: canary}]", 0o600)
	if err := os.Chown(file, own+1, -1); err != nil {
		t.Skip("only the superuser can change owners: ", err)
	}
	_, err := readCredentials(file)
	if want := "the credentials " + file + " belong to another user"; problem.KindOf(err) != problem.Input || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

func TestCredentialFileModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes of Unix")
	}
	for mode := range os.FileMode(0o1000) {
		if mode&0o400 == 0 { // only the superuser can read it
			continue
		}
		file := writeCredentials(t, "apiKeys: [{publicKey: a, privateKey: canary}]", 0o600)
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		_, err := readCredentials(file)
		isPrivate := mode&0o077 == 0
		if isPrivate != (err == nil) {
			t.Errorf("%04o: %v", mode, err)
		}
		if want := "run chmod 600 " + file; err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%04o: the error is %v, want %s", mode, err, want)
		}
	}
	if _, err := readCredentials(writeCredentials(t, strings.Repeat("#", 1<<20+1), 0o600)); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a large file: %v", err)
	}
	if _, err := readCredentials(t.TempDir()); err == nil {
		t.Error("a folder is read")
	}
}
