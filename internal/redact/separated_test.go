package redact_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/internal/redact"
)

func TestSeparated(t *testing.T) {
	const secret = "k3yCanary77"
	for _, tc := range []struct{ secret, in, want string }{
		{secret, "the key k 3 y C a n a r y 7 7 is wrong", "the key (hidden) is wrong"},
		{secret, "K-3-Y-C-A-N-A-R-Y-7-7", "(hidden)"},
		{secret, "k\n3\ny\nC\na\nn\na\nr\ny\n7\n7\n", "(hidden)\n"},
		{secret, "k3y.Can // ary_77", "(hidden)"},
		{secret, "k\u200b3\u0336yC\u00adanary\x0077", "(hidden)"},
		{secret, `["k","3","y","C","a","n","a","r","y","7","7"]`, `["(hidden)"]`},
		{secret, "k 3 y C a n a r y 7", "k 3 y C a n a r y 7"},
		{secret, "k 3 y x C a n a r y 7 7", "k 3 y x C a n a r y 7 7"},
		{secret, "", ""},
		{"k3y-Canary-77", "k 3 y C a n a r y 7 7", "(hidden)"},
		{"k3yCana", "k 3 y C a n a", "k 3 y C a n a"},
		{"0123456789abcdef0123", "x 4-5-6-7-8-9-a-b-c-d-e-f-0-1-2-3 y", "x (hidden) y"},
		{"0123456789abcdef0123", "x 5-6-7-8-9-a-b-c-d-e-f-0-1-2-3 y", "x 5-6-7-8-9-a-b-c-d-e-f-0-1-2-3 y"},
		{"p@$$w0rd!a12", "it is p_@_$_$_w_0_r_d_!_a_1_2 now", "it is (hidden) now"},
		{"p@$$-w0!", "it is p_@_$_$_-_w_0_! now", "it is p_@_$_$_-_w_0_! now"},
		{"!!!!!!!!", "! ! ! ! ! ! ! !", "! ! ! ! ! ! ! !"},
		{"geheimß1é", "g e h e i m ß 1 é", "(hidden)"},
	} {
		if got := redact.Separated(tc.in, []string{"other", tc.secret, ""}); got != tc.want {
			t.Errorf("%q in %q: %q, want %q", tc.secret, tc.in, got, tc.want)
		}
	}
}

// Separators of any kind between the characters of a secret don't keep it in a text.
func TestSeparatedFindsSecrets(t *testing.T) {
	source := rand.New(rand.NewPCG(20230101, 17))
	text := func(alphabet string, size int) string {
		runes, random := []rune(alphabet), make([]rune, size)
		for i := range random {
			random[i] = runes[source.IntN(len(runes))]
		}
		return string(random)
	}
	const separators = " \t\n\x00-_.,:;/\\'\"|+*~#()[]{}<>=!?%&$@\u200b\u00a0\u0301\ufffd\U0001f511"
	for range 20_000 {
		secret := text([]string{"aB3é", "aB3-.!", "0aA"}[source.IntN(3)], 8+source.IntN(20))
		if len(strings.NewReplacer("-", "", ".", "", "!", "").Replace(secret)) < 8 {
			continue // too few letters and digits
		}
		var spread strings.Builder
		for _, r := range secret {
			spread.WriteRune(r)
			spread.WriteString(text(separators, source.IntN(4)))
		}
		in := "the <" + spread.String() + "> here"
		for name, got := range map[string]string{
			"Separated": redact.Separated(in, []string{secret}), "Secrets": redact.Secrets(in, []string{secret}),
			"Line": redact.Secrets(redact.Line(in), []string{secret}),
		} {
			rest := strings.NewReplacer(redact.Hidden, "", "the <", "", "> here", "").Replace(got)
			if strings.Trim(rest, separators) != "" || !strings.Contains(got, redact.Hidden) {
				t.Fatalf("%s: %q in %q becomes %q", name, secret, in, got)
			}
		}
		if !redact.NewHider([]string{secret}, func(string) bool { return false }).HasSecret(in) {
			t.Fatalf("%q in %q is not found", secret, in)
		}
	}
}

// A text that lacks one letter of a secret, or has another one between, stays unchanged.
func TestSeparatedKeepsOtherTexts(t *testing.T) {
	source := rand.New(rand.NewPCG(20230101, 19))
	for range 5000 {
		secret := make([]byte, 8+source.IntN(letterWindow-8))
		for i := range secret {
			secret[i] = "0123456789abcdef"[source.IntN(16)]
		}
		at := source.IntN(len(secret))
		for _, other := range []string{"", string(secret[at]) + "x"} {
			in := strings.Join(strings.Split(string(secret[:at])+other+string(secret[at+1:]), ""), " ")
			if at == len(secret)-1 && other != "" {
				continue // the secret is complete before the x
			}
			if got := redact.Separated(in, []string{string(secret)}); got != in {
				t.Fatalf("%s in %q: %q", secret, in, got)
			}
		}
	}
}

// letterWindow is the number of letters and digits of a secret from which a part is hidden.
const letterWindow = 16
