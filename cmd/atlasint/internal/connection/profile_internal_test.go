package connection

import (
	"slices"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cliprofile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
)

// The server of a profile overrides the environment and the configuration, so that no other server gets the
// credentials of the profile.
func TestServerOfProfile(t *testing.T) {
	const elsewhere = "http://127.0.0.1:1"
	for name, tc := range map[string]struct {
		profile cliprofile.Profile
		want    string // or the text of the error
	}{
		"cloud":            {cliprofile.Profile{Service: "cloud"}, "https://cloud.mongodb.com"},
		"cloudgov":         {cliprofile.Profile{Service: "cloudgov"}, "https://cloud.mongodbgov.com"},
		"URL over service": {cliprofile.Profile{Service: "cloud", BaseURL: "https://atlas.example"}, "https://atlas.example"},
		"another service":  {cliprofile.Profile{Service: "ops-manager", BaseURL: "https://atlas.example"}, "https://atlas.example"},
		"unknown service": {
			cliprofile.Profile{Service: "Cloud"},
			`has the service "Cloud" and no base_url; use the service cloud or cloudgov, or add base_url`,
		},
		"neither": {cliprofile.Profile{}, elsewhere},
	} {
		for source, cfg := range map[string]*workspace.Config{"environment": {}, "configuration": {BaseURL: elsewhere}} {
			t.Run(name+"/"+source, func(t *testing.T) {
				t.Setenv(BaseURLVariable, "")
				if source == "environment" {
					t.Setenv(BaseURLVariable, elsewhere)
				}
				base, _, err := new(Settings).resolveBaseURL(&tc.profile, cfg)
				if err != nil {
					base = err.Error()
				}
				if !strings.HasSuffix(base, tc.want) {
					t.Errorf("%s, want %s", base, tc.want)
				}
			})
		}
	}
	flag := &Settings{BaseURL: "https://flag.example"}
	if base, _, err := flag.resolveBaseURL(&cliprofile.Profile{Service: "other"}, &workspace.Config{}); err != nil || base != flag.BaseURL {
		t.Errorf("with --base-url: %s, %v", base, err)
	}
}

// A profile uses exactly one kind of credentials, and those of the environment only if the profile has none, or a half
// of the same ones.
func TestCredentialsOfProfile(t *testing.T) {
	key := cliprofile.Profile{PublicKey: "pub", PrivateKey: "priv"}
	account := cliprofile.Profile{ClientID: "id", ClientSecret: "secret"}
	both := cliprofile.Profile{PublicKey: "pub", PrivateKey: "priv", ClientID: "id", ClientSecret: "secret"}
	withType := func(p cliprofile.Profile, authType string) cliprofile.Profile { p.AuthType = authType; return p }
	other := map[string]string{PublicKeyVariable: "other", PrivateKeyVariable: "other"}
	same := map[string]string{PublicKeyVariable: "pub", PrivateKeyVariable: "priv"}
	ofKey, ofOther, ofAccount := []string{"pub", "priv"}, []string{"other", "other"}, []string{"id", "secret"}
	for name, tc := range map[string]struct {
		profile cliprofile.Profile
		env     map[string]string
		want    []string
		fault   string
	}{
		"API key":         {profile: key, env: other, want: ofKey},
		"service account": {profile: account, env: other, want: ofAccount},
		"both": {
			profile: both,
			want:    ofKey,
			fault: "has several credentials: public_api_key and private_api_key, and client_id and client_secret; " +
				"keep one of them, or set auth_type to api_keys or service_account",
		},
		"both, with a type":         {profile: withType(both, "service_account"), env: other, want: ofAccount},
		"both, with the other type": {profile: withType(both, "api_keys"), env: other, want: ofKey},
		"API key and a half": {
			profile: cliprofile.Profile{PublicKey: "pub", PrivateKey: "priv", ClientID: "id"},
			want:    ofKey,
			fault:   "has several credentials",
		},
		"user":    {profile: withType(both, "user_account"), want: ofKey, fault: "it is that of a user who signed in with a browser"},
		"keyring": {profile: cliprofile.Profile{AuthType: "api_keys"}, env: other, want: ofOther},
		"half": {
			profile: cliprofile.Profile{PublicKey: "pub"},
			want:    ofKey,
			fault:   "public_api_key is set and private_api_key is not; add it, or remove public_api_key and set the credentials in the environment",
		},
		"half, other environment": {
			profile: cliprofile.Profile{PublicKey: "pub"},
			env:     other,
			want:    ofKey,
			fault:   "public_api_key is set and private_api_key is not",
		},
		"half, same environment": {profile: cliprofile.Profile{PublicKey: "pub"}, env: same, want: ofKey},
		"half, half environment": {
			profile: cliprofile.Profile{PublicKey: "pub"},
			env:     map[string]string{PublicKeyVariable: "pub"},
			want:    ofKey,
			fault:   "public_api_key is set and private_api_key is not",
		},
		"secret, other environment": {
			profile: cliprofile.Profile{ClientSecret: "secret"},
			env:     other,
			want:    ofKey,
			fault:   "client_secret is set and client_id is not",
		},
		"all kinds in the variables": {
			profile: cliprofile.Profile{},
			env:     map[string]string{PublicKeyVariable: "a", ClientIDVariable: "b", AccessTokenVariable: "c"},
			want:    ofKey,
			fault: "the environment has several credentials: MONGODB_ATLAS_PUBLIC_API_KEY and " +
				"MONGODB_ATLAS_PRIVATE_API_KEY, MONGODB_ATLAS_CLIENT_ID and MONGODB_ATLAS_CLIENT_SECRET, and MONGODB_ATLAS_ACCESS_TOKEN; " +
				"unset all but one of them",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := chooseCredentials(&tc.profile, func(name string) string { return tc.env[name] })
			switch {
			case tc.fault != "":
				if err == nil || !strings.Contains(err.Error(), tc.fault) {
					t.Errorf("%v, want %s", err, tc.fault)
				}
			case err != nil:
				t.Error(err)
			case !slices.Equal(got.values, tc.want):
				t.Errorf("%q, want %q", got.values, tc.want)
			}
		})
	}
}
