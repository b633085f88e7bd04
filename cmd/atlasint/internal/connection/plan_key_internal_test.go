package connection

import (
	"fmt"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// connected returns a connection with the credentials of the environment.
func connected(t *testing.T, env map[string]string) *Connection {
	t.Helper()
	for _, name := range []string{PublicKeyVariable, PrivateKeyVariable, ClientIDVariable, ClientSecretVariable, AccessTokenVariable} {
		t.Setenv(name, env[name])
	}
	settings := Settings{Project: "5d791c84ff7a2522cc4f9aa1", BaseURL: "https://atlas.example", Timeout: 1}
	conn, err := settings.Connect(&workspace.Config{}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// The key of a plan depends on the secret and the salt only. The values are fixed, so that later versions read the
// plans of this one.
func TestPlanKeyIsDerivedFromSecret(t *testing.T) {
	const (
		ofCredentials = "ced8e2edd0d2668bb2ee588b75f9b2e30d2a328ed44f9858cec8e72da245131e"
		ofVariable    = "01a14716192005f559f4a49cb9ba71f23f4aebceacacbe0d8ee5d65a5893161d"
	)
	for name, tc := range map[string]struct {
		env    map[string]string
		own    string // ATLASINT_PLAN_KEY
		salt   string
		equals string // the key; "" for any other
	}{
		"API key":                {map[string]string{PublicKeyVariable: "public", PrivateKeyVariable: "private-key"}, "", "salt", ofCredentials},
		"other public key":       {map[string]string{PublicKeyVariable: "other", PrivateKeyVariable: "private-key"}, "", "salt", ofCredentials},
		"service account":        {map[string]string{ClientIDVariable: "id", ClientSecretVariable: "private-key"}, "", "salt", ofCredentials},
		"access token":           {map[string]string{AccessTokenVariable: "private-key"}, "", "salt", ofCredentials},
		"other secret":           {map[string]string{AccessTokenVariable: "Private-key"}, "", "salt", ""},
		"other salt":             {map[string]string{AccessTokenVariable: "private-key"}, "", "pepper", ""},
		"own key":                {map[string]string{AccessTokenVariable: "private-key"}, "a key of sixteen characters", "salt", ofVariable},
		"own key, other account": {map[string]string{AccessTokenVariable: "token"}, "a key of sixteen characters", "salt", ofVariable},
	} {
		t.Run(name, func(t *testing.T) {
			conn := connected(t, tc.env)
			t.Setenv(PlanKeyVariable, tc.own)
			key, err := conn.PlanKey(tc.salt)
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("%x", key)
			if len(key) != 32 {
				t.Errorf("the key has %d bytes, want 32", len(key))
			}
			if tc.equals != "" {
				if got != tc.equals {
					t.Errorf("the key is %s, want %s", got, tc.equals)
				}
				return
			}
			if got == ofCredentials || got == ofVariable {
				t.Errorf("the key is %s, which is that of other cases", got)
			}
		})
	}
}

// Printing a connection shows neither the credentials nor a key derived from them.
func TestPrintedConnectionHasNoSecret(t *testing.T) {
	conn := connected(t, map[string]string{PublicKeyVariable: "public-part", PrivateKeyVariable: "private-part"})
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if text := fmt.Sprintf(verb, conn); strings.Contains(text, "-part") || strings.Contains(text, fmt.Sprintf("%x", "-part")) {
			t.Errorf("%s shows %s", verb, text)
		}
	}
}
