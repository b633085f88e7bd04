package cliprofile

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseProfiles(t *testing.T) {
	for name, tc := range map[string]struct {
		text  string
		want  *Profile // of the only table
		fault string
	}{
		"empty":           {"", nil, ""},
		"settings":        {"version = 2\n[a]\nproject_id = \"p\"\nservice = \"cloudgov\"\n", &Profile{Name: "a", ProjectID: "p", Service: "cloudgov"}, ""},
		"dotted keys":     {"a.project_id = \"p\"\n", &Profile{Name: "a", ProjectID: "p"}, ""},
		"inline table":    {"a = {project_id = \"p\", client_id = \"c\"}\n", &Profile{Name: "a", ProjectID: "p", ClientID: "c"}, ""},
		"case":            {"[A]\nProject_ID = \"p\"\n", &Profile{Name: "A", ProjectID: "p"}, ""},
		"escapes":         {"[a]\nclient_secret = \"\\u0041\\\"\" # comment\n", &Profile{Name: "a", ClientSecret: `A"`}, ""},
		"other settings":  {"[a]\noutput = 1\n[a.b]\nproject_id = \"x\"\n", &Profile{Name: "a"}, ""},
		"two names":       {"[a]\nops_manager_url = \"https://x\"\n", &Profile{Name: "a", BaseURL: "https://x"}, ""},
		"both names":      {"[a]\nops_manager_url = \"https://x\"\nbase_url = \"https://x\"\n", &Profile{Name: "a", BaseURL: "https://x"}, ""},
		"two URLs":        {"[a]\nops_manager_url = \"https://x\"\nbase_url = \"https://y\"\n", nil, "base_url and ops_manager_url differ; keep one of them"},
		"number":          {"[a]\nprivate_api_key = 5\n", nil, "private_api_key is not a text; write one in quotes"},
		"list":            {"[a]\npublic_api_key = [\"canary\"]\n", nil, "public_api_key is not a text; write one in quotes"},
		"table":           {"[a.Service]\nx = 1\n", nil, "service is not a text; write one in quotes"},
		"twice":           {"[a]\nclient_id = \"a\"\nclient_id = \"canary\"\n", nil, "line 3"},
		"twice by case":   {"[a]\nclient_id = \"a\"\nClient_ID = \"canary\"\n", nil, "client_id occurs twice; keep one of them"},
		"table twice":     {"[a]\nclient_id = \"a\"\n[a]\nclient_secret = \"canary\"\n", nil, "line 3"},
		"no value":        {"[a]\n\nproject_id =\n", nil, "line 3"},
		"no quotes":       {"[a]\nclient_secret = canary\n", nil, "line 2"},
		"no end":          {"[a]\nclient_secret = \"canary\n", nil, "line 2"},
		"not TOML":        {"{\"a\": 1}", nil, "line 1"},
		"control":         {"[a]\nproject_id = \"\x00\"\n", nil, "line 2"},
		"no table ends":   {"[a", nil, "line 1"},
		"UTF-16":          {"\xff\xfe[\x00a\x00]\x00", nil, "line 1"},
		"carriage return": {"[a]\r\nproject_id = \"p\"\r\n", &Profile{Name: "a", ProjectID: "p"}, ""},
		"literal string":  {"[a]\nclient_id = 'a\\b'\n", &Profile{Name: "a", ClientID: `a\b`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, fault := profileIn(tc.text)
			if diff := cmp.Diff(tc.want, got); diff != "" || fault != tc.fault {
				t.Errorf("fault %q, want %q; profile (-want +got):\n%s", fault, tc.fault, diff)
			}
		})
	}
}

// profileIn returns a profile in a document, and the text or the line of its fault.
func profileIn(text string) (p *Profile, fault string) {
	profiles, line := parse([]byte(text))
	if line > 0 {
		return nil, fmt.Sprintf("line %d", line)
	}
	for name, table := range profiles {
		p, err := newProfile(name, table)
		if err != nil {
			return nil, err.Error()
		}
		return p, ""
	}
	return nil, ""
}

// Two profiles whose names differ in case only are the same profile for the Atlas CLI.
func TestReadProfile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the configuration folder is elsewhere")
	}
	folder := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", folder)
	if err := os.Mkdir(filepath.Join(folder, "atlascli"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := "[a]\n[B]\n[b]\n[C]\nproject_id = 5\n"
	if err := os.WriteFile(filepath.Join(folder, "atlascli", "config.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"A": "", "b": "twice, in upper and lower case; keep one of them",
		"c": "project_id is not a text; write one in quotes", "d": "has no profile \"d\"; it has B, C, a, b",
	} {
		_, err := Read(name)
		wantEnd(t, name, err, want)
	}
}

// wantEnd checks the end of an error, or that there is none if want is "".
func wantEnd(t *testing.T, name string, err error, want string) {
	t.Helper()
	switch {
	case want == "":
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	case err == nil:
		t.Errorf("%s: no error, want %s", name, want)
	case !strings.HasSuffix(err.Error(), want):
		t.Errorf("%s: the error is %v, want %s", name, err, want)
	}
}

// A file may have many profiles with tokens. One that is too large has an error with a next step.
func TestReadLargeFiles(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the configuration folder is elsewhere")
	}
	folder := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", folder)
	if err := os.Mkdir(filepath.Join(folder, "atlascli"), 0o700); err != nil {
		t.Fatal(err)
	}
	profiles := func(n, size int) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "[p%d]\naccess_token = \"%s\"\n", i, strings.Repeat("t", size))
		}
		return text.String()
	}
	const next = "; remove profiles that you don't use"
	for name, tc := range map[string]struct{ text, want string }{
		"many tokens":   {profiles(200, 4000), ""},
		"many profiles": {profiles(3000, 1), ""},
		"too large":     {profiles(300, 4000), "config.toml: it is larger than 1 MiB" + next},
		"too many":      {"[p0]\n" + strings.Repeat("a = 1\n", 10_000), "config.toml: it has more than 10000 settings" + next},
		"inline table":  {"p0 = {" + strings.Repeat("a = 1, ", 10_000), "config.toml: it has more than 10000 settings" + next},
	} {
		if err := os.WriteFile(filepath.Join(folder, "atlascli", "config.toml"), []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Read("p0")
		wantEnd(t, name, err, tc.want)
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
		for name, table := range profiles {
			if p, err := newProfile(name, table); (p == nil) == (err == nil) {
				t.Errorf("%q is %v, %v", text, p, err)
			}
		}
		if lines := strings.Count(text, "\n") + 1; fault < 0 || fault > lines {
			t.Errorf("a fault in line %d of %q, which has %d", fault, text, lines)
		}
		if fault > 0 && profiles != nil {
			t.Errorf("a fault in line %d of %q, and %d profiles", fault, text, len(profiles))
		}
	})
}
