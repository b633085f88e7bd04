package placeholder_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/pattern"
	"github.com/atlasint/atlasint/validate/internal/placeholder"
)

// No key as the services make them is called a placeholder, in a secret field or in one for a name.
func TestKeysAreNoPlaceholders(t *testing.T) {
	const keys = 20_000
	victorOps := atlas.Find(schemas.V2, "VICTOR_OPS").Payload
	for name, makeKey := range realistic {
		random := rand.New(rand.NewPCG(45, 170054))
		for range keys {
			key := makeKey(random)
			fields := []*atlas.Field{victorOps.Lookup("apiKey"), victorOps.Lookup("routingKey")}
			if strings.HasPrefix(key, "https://") {
				fields = []*atlas.Field{atlas.Find(schemas.V2, "WEBHOOK").Payload.Lookup("url")}
			}
			for _, field := range fields {
				if hint := placeholder.Hint(field, key); hint != "" {
					t.Fatalf("%s: %s in %s: %s", name, key, field.Name, hint)
				}
			}
		}
	}
}

// No key of the pattern of a type is called a placeholder.
func TestKeysOfPatternsAreNoPlaceholders(t *testing.T) {
	const keys = 20_000
	random := rand.New(rand.NewPCG(15, 20))
	patterns := 0
	for _, typ := range append(atlas.Types(schemas.V1), atlas.Types(schemas.V2)...) {
		for _, name := range typ.Payload.Names {
			field := typ.Payload.Lookup(name)
			for _, form := range []*pattern.Pattern{field.Form, field.Disputed} {
				if form == nil || form.Digits() == 0 {
					continue
				}
				patterns++
				for range keys {
					if key := hex.EncodeToString(bytesOf(random, form.Digits()/2)); placeholder.Hint(field, key) != "" {
						t.Fatalf("%s.%s: %s", typ.Name, name, key)
					}
				}
			}
		}
	}
	if patterns < 6 {
		t.Errorf("%d patterns", patterns)
	}
}

// realistic generates keys with the forms of the services.
var realistic = map[string]func(*rand.Rand) string{
	"32 hexadecimal digits": func(r *rand.Rand) string { return hex.EncodeToString(bytesOf(r, 16)) },
	"40 hexadecimal digits": func(r *rand.Rand) string { return hex.EncodeToString(bytesOf(r, 20)) },
	"capital digits":        func(r *rand.Rand) string { return strings.ToUpper(hex.EncodeToString(bytesOf(r, 32))) },
	"decimal digits":        func(r *rand.Rand) string { return fmt.Sprint(r.Uint32()) },
	"UUID":                  uuid,
	"base64":                func(r *rand.Rand) string { return base64.StdEncoding.EncodeToString(bytesOf(r, 16+r.IntN(32))) },
	"base64url":             func(r *rand.Rand) string { return base64.RawURLEncoding.EncodeToString(bytesOf(r, 16+r.IntN(32))) },
	"base32":                func(r *rand.Rand) string { return of(r, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32) },
	"letters and digits":    func(r *rand.Rand) string { return of(r, alphanumeric, 8+r.IntN(56)) },
	"small letters":         func(r *rand.Rand) string { return of(r, alphanumeric[36:], 20) },
	"capitals":              func(r *rand.Rand) string { return of(r, alphanumeric[10:36], 20) },
	"Slack bot token": func(r *rand.Rand) string {
		return "xoxb-" + of(r, alphanumeric[:10], 12) + "-" + of(r, alphanumeric[:10], 13) + "-" + of(r, alphanumeric, 24)
	},
	"Slack user token": func(r *rand.Rand) string {
		return "xoxp-" + of(r, alphanumeric[:10], 11) + "-" + of(r, alphanumeric, 32)
	},
	"GitHub":             func(r *rand.Rand) string { return "ghp_" + of(r, alphanumeric, 36) },
	"GitLab":             func(r *rand.Rand) string { return "glpat-" + of(r, alphanumeric+"_-", 20) },
	"New Relic license":  func(r *rand.Rand) string { return "eu01xx" + of(r, "0123456789abcdef", 30) + "NRAL" },
	"New Relic user key": func(r *rand.Rand) string { return "NRAK-" + of(r, alphanumeric[:36], 27) },
	"New Relic insert":   func(r *rand.Rand) string { return "NRII-" + of(r, alphanumeric+"-_", 32) },
	"SendGrid": func(r *rand.Rand) string {
		return "SG." + of(r, alphanumeric+"-_", 22) + "." + of(r, alphanumeric+"-_", 43)
	},
	"AWS secret":        func(r *rand.Rand) string { return of(r, alphanumeric+"/+", 40) },
	"PagerDuty API key": func(r *rand.Rand) string { return "u+" + of(r, alphanumeric+"_-", 18) },
	"Opsgenie key":      uuid,
	"JWT": func(r *rand.Rand) string {
		return "eyJhbGciOiJIUzI1NiJ9." + base64.RawURLEncoding.EncodeToString(bytesOf(r, 40)) + "." + base64.RawURLEncoding.EncodeToString(bytesOf(r, 32))
	},
	"password": func(r *rand.Rand) string { return of(r, alphanumeric+"!#%&()+,-./:;=?@[]^_{|}~", 16+r.IntN(16)) },
	"passphrase": func(r *rand.Rand) string {
		words := []string{"correct", "horse", "battery", "staple", "lamp", "river", "seven", "under", "mile", "fox", "Key", "gold"}
		return words[r.IntN(12)] + "-" + words[r.IntN(12)] + "-" + words[r.IntN(12)] + "-" + words[r.IntN(12)]
	},
	"Slack webhook": func(r *rand.Rand) string {
		return "https://hooks.slack.com/services/T" + of(r, alphanumeric[:36], 8) + "/B" + of(r, alphanumeric[:36], 10) + "/" + of(r, alphanumeric, 24)
	},
	"Teams webhook": func(r *rand.Rand) string {
		return "https://acme.webhook.office.com/webhookb2/" + uuid(r) + "@" + uuid(r) + "/IncomingWebhook/" + hex.EncodeToString(bytesOf(r, 16)) + "/" + uuid(r)
	},
	"Power Automate webhook": func(r *rand.Rand) string {
		return "https://prod-12.westeurope.logic.azure.com:443/workflows/" + hex.EncodeToString(bytesOf(r, 16)) +
			"/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=" + of(r, alphanumeric+"-_", 43)
	},
	"Discord webhook": func(r *rand.Rand) string {
		return "https://discord.com/api/webhooks/" + of(r, alphanumeric[:10], 18) + "/" + of(r, alphanumeric+"-_", 68)
	},
	"function with a code": func(r *rand.Rand) string {
		return "https://alerts.azurewebsites.net/api/notify-team?code=" + of(r, alphanumeric+"-_", 54) + "=="
	},
}

const alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

func bytesOf(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// of returns a text of n letters.
func of(r *rand.Rand, letters string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

func uuid(r *rand.Rand) string {
	b := bytesOf(r, 16)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
