package redact_test

import (
	"math/rand/v2"
	"testing"

	"github.com/atlasint/atlasint/internal/redact"
)

// A Hider finds a secret in a text exactly where Secrets hides a part of it.
func TestHasSecretAgreesWithSecrets(t *testing.T) {
	source := rand.New(rand.NewPCG(20230101, 7))
	const alphabet = "aaabAB-. é\xff"
	text := func(maximum int) string {
		random := make([]byte, source.IntN(maximum))
		for i := range random {
			random[i] = alphabet[source.IntN(len(alphabet))]
		}
		return string(random)
	}
	found := 0
	for range 20_000 {
		secrets := []string{text(14), text(5)}
		searched := text(24)
		want := redact.Secrets(searched, secrets) != redact.Secrets(searched, nil)
		got := redact.NewHider(secrets, func(string) bool { return false }).HasSecret(searched)
		if got != want {
			t.Fatalf("%q in %q: %t, want %t", secrets, searched, got, want)
		}
		if got {
			found++
		}
	}
	if found < 1000 || found > 19_000 {
		t.Errorf("only one of the results is tried: %d of 20,000 texts have a secret", found)
	}
}

func TestHasSecret(t *testing.T) {
	hider := redact.NewHider([]string{"10000", "Summer2026!", "us", "true"}, func(name string) bool { return name == "true" })
	for text, want := range map[string]bool{
		"Summer2026!": true, "xSUMMER20x": true, "summer": false, "1e4": true, "US": true, "USA": false, "eu.us": false, "true": false, "untrue": true,
		"": false,
	} {
		if got := hider.HasSecret(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}
