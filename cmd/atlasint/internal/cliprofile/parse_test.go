package cliprofile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	for name, tc := range map[string]struct {
		text  string
		want  []*Profile
		fault int
	}{
		"empty":          {"", nil, 0},
		"settings":       {"version = 2\n[a]\nproject_id = \"p\"\nservice = \"cloudgov\"\n", []*Profile{{Name: "a", ProjectID: "p", Service: "cloudgov"}}, 0},
		"dotted keys":    {"a.project_id = \"p\"\n", []*Profile{{Name: "a", ProjectID: "p"}}, 0},
		"case":           {"[A]\nProject_ID = \"p\"\n", []*Profile{{Name: "A", ProjectID: "p"}}, 0},
		"escapes":        {"[a]\nclient_secret = \"\\u0041\\\"\" # comment\n", []*Profile{{Name: "a", ClientSecret: `A"`}}, 0},
		"other kinds":    {"[a]\nproject_id = 1\n[a.b]\nproject_id = \"x\"\n", []*Profile{{Name: "a"}}, 0},
		"two names":      {"[a]\nbase_url = \"https://x\"\n", []*Profile{{Name: "a", BaseURL: "https://x"}}, 0},
		"no value":       {"[a]\n\nproject_id =\n", nil, 3},
		"no quotes":      {"[a]\nclient_secret = canary\n", nil, 2},
		"no end":         {"[a]\nclient_secret = \"canary\n", nil, 2},
		"not TOML":       {"{\"a\": 1}", nil, 1},
		"control":        {"[a]\nproject_id = \"\x00\"\n", nil, 2},
		"no table ends":  {"[a", nil, 1},
		"UTF-16":         {"\xff\xfe[\x00a\x00]\x00", nil, 1},
		"carriage":       {"[a]\r\nproject_id = \"p\"\r\n", []*Profile{{Name: "a", ProjectID: "p"}}, 0},
		"literal string": {"[a]\nclient_id = 'a\\b'\n", []*Profile{{Name: "a", ClientID: `a\b`}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			got, fault := parse([]byte(tc.text))
			if diff := cmp.Diff(tc.want, got); diff != "" || fault != tc.fault {
				t.Errorf("fault in line %d, want %d; profiles (-want +got):\n%s", fault, tc.fault, diff)
			}
		})
	}
}

// A profile that is printed by mistake shows no secret.
func TestProfileHidesSecrets(t *testing.T) {
	p := &Profile{Name: "a", PrivateKey: "canary", ClientSecret: "canary", AccessToken: "canary"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, value := range []any{p, *p, []*Profile{p}} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, "canary") || strings.Contains(text, "63616e617279") {
				t.Errorf("%s: %s", verb, text)
			}
		}
	}
}

// No text panics or hangs, and a fault is in one of its lines.
func FuzzParse(f *testing.F) {
	f.Add("[a]\nproject_id = \"p\"\n")
	f.Add("a.b.c = [1, {x = 2}]\n[[t]]\n")
	f.Add("[a]\nclient_secret = \"")
	f.Fuzz(func(t *testing.T, text string) {
		profiles, fault := parse([]byte(text))
		if fault < 0 || fault > strings.Count(text, "\n")+1 || fault > 0 && profiles != nil {
			t.Errorf("a fault in line %d of %q, %d profiles", fault, text, len(profiles))
		}
	})
}
