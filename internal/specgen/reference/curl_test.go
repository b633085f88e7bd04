package reference_test

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/atlasint/atlasint/fakeatlas"
)

// commands returns the curl commands below an element.
func commands(n *node) (all []string) {
	n.each(func(e *node) {
		if e.name == "code" && strings.HasPrefix(e.text, "curl ") {
			all = append(all, e.text)
		}
	})
	return all
}

// shell runs a curl command against the server, with the variables that the commands read. It returns the HTTP status
// and the body.
func shell(t *testing.T, server *fakeatlas.Server, command string) (status, body string) {
	t.Helper()
	origin := regexp.MustCompile(`"https?://[^/"]+/`)
	command = origin.ReplaceAllLiteralString(command, `"`+server.URL+`/`)
	command = strings.Replace(command, "curl ", `curl --silent --show-error --write-out '\n%{http_code}' `, 1)
	cmd := exec.Command("sh", "-euc", command)
	id := "32b6e34b3d91647abb20e7b8"
	cmd.Env = append(os.Environ(),
		"MONGODB_ATLAS_PUBLIC_API_KEY="+fakeatlas.DefaultAPIKey.PublicKey, "MONGODB_ATLAS_PRIVATE_API_KEY="+fakeatlas.DefaultAPIKey.PrivateKey,
		"MONGODB_ATLAS_CLIENT_ID="+fakeatlas.DefaultServiceAccount.ClientID, "MONGODB_ATLAS_CLIENT_SECRET="+fakeatlas.DefaultServiceAccount.ClientSecret,
		"MONGODB_ATLAS_PROJECT_ID="+id, "MONGODB_ATLAS_ORG_ID="+id, "TEAM_ID="+id, "ALERT_CONFIG_ID="+id, "GROUP_NAME=Alerts",
		"CLOUD_PROVIDER=AWS", "ID=1", "ATLASINT_CONTROL_TOKEN=",
		"no_proxy=*",
	)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, command, out)
	}
	at := strings.LastIndex(string(out), "\n")
	return string(out[at+1:]), string(out[:at])
}

// The commands of a type create, update, read and delete an integration.
func TestCommandsOfTypes(t *testing.T) {
	needCurl(t)
	for name, page := range modulePages(t) {
		if !strings.HasPrefix(name, "type-") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			server := fakeatlas.Start(t)
			list := commands(page)
			if len(list) == 0 || len(list)%4 != 0 {
				t.Fatalf("%d commands", len(list))
			}
			for i, command := range list {
				want := []string{"200", "200", "200", "204"}[i%4]
				if status, body := shell(t, server, command); status != want {
					t.Errorf("status %s, want %s\n%s\n%s", status, want, command, body)
				}
			}
		})
	}
}

// The server accepts the credentials, the headers and the method of each command. The command may name an object that
// does not exist.
func TestCommandsOfOperations(t *testing.T) {
	needCurl(t)
	for _, name := range []string{"v2.html", "v1.html", "companions.html", "control.html"} {
		t.Run(name, func(t *testing.T) {
			list := commands(modulePages(t)[name])
			if len(list) < 5 {
				t.Fatalf("%d commands", len(list))
			}
			server := fakeatlas.Start(t)
			for _, command := range list {
				if strings.Contains(command, "Accept: text/event-stream") {
					continue // it doesn't end
				}
				status, body := shell(t, server, command)
				missing := status == "404" && (strings.Contains(body, "RESOURCE_NOT_FOUND") || strings.Contains(body, "unknown path"))

				if regexp.MustCompile(`^(400|401|403|405|406|415|5..)$`).MatchString(status) || missing {
					t.Errorf("status %s\n%s\n%s", status, command, body)
				}
			}
		})
	}
}

func needCurl(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the commands are for a POSIX shell")
	}
	for _, program := range []string{"curl", "sh"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
}
