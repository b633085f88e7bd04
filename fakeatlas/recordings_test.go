package fakeatlas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
)

// recordedIn returns the recordings by the names of their files.
func recordedIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range entries {
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if info, err := entry.Info(); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
			t.Errorf("%s: %v, %v", entry.Name(), info.Mode(), err)
		}
		files[entry.Name()] = string(data)
	}
	return files
}

// Each exchange is a file, whose name has its number and its operation.
func TestRecordings(t *testing.T) {
	for _, credential := range credentialsOf("") {
		t.Run(fmt.Sprint(credential), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "new", "folder")
			s := Start(t, WithCredentials(credential), WithRecordings(dir))
			s.SetClock(testTime)
			s.ids.Store(0)
			c := remote{t: t, s: s, c: credential}
			if credential.ClientID != "" {
				c.token = c.newToken()
			}
			project := "/api/atlas/v2/groups/" + testProject
			c.do("POST", project+"/integrations/OPS_GENIE?includeCount=true&token="+canary,
				`{"type":"OPS_GENIE","apiKey":"`+canary+`","region":"EU"}`, "Cookie: "+canary, "X-Api-Key: "+canary)
			c.do("PUT", strings.Replace(project, "v2", "v1.0", 1)+"/integrations/WEBHOOK", `{"type":"WEBHOOK","url":"`+canaryURL+`"}`)
			c.do("PATCH", project, `{"name":"renamed"}`)
			c.do("POST", project+"/integrations/OPS_GENIE", `{"type":"OPS_GENIE","apiKey":"`+canary+`","`+canary+`":1}`)
			c.do("POST", "/api/atlas/v2/unheard/of/"+canary, canary, "Content-Type: "+canary, "User-Agent: "+canary)
			c.do("DELETE", project+"/integrations/OPS_GENIE", "")
			files := recordedIn(t, dir)
			var operations []string
			for name, text := range files {
				var x struct {
					Request struct{ Headers map[string]string }
				}
				if err := json.Unmarshal([]byte(text), &x); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if name = strings.TrimLeft(name, "0123456789"); x.Request.Headers["Authorization"] != "" {
					operations = append(operations, strings.TrimSuffix(name, ".json"))
				}
			}
			slices.Sort(operations)
			want := []string{"-create", "-create", "-delete", "-other", "-update", "-updateGroup"}
			if credential.ClientID != "" {
				want = append(want, "-token")
				slices.Sort(want)
			}
			if diff := cmp.Diff(want, operations); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			wantNoSecrets(t, map[string]string{"recordings": fmt.Sprint(files)}, canary, canaryHex)
			wantRecording(t, files, credential)
			if info, err := os.Stat(dir); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
				t.Errorf("%v, %v", info.Mode(), err)
			}
		})
	}
}

// wantRecording compares the file of the first creation, and the body of the first update of a project.
func wantRecording(t *testing.T, files map[string]string, credential Credential) {
	t.Helper()
	// Before it, the server sent the challenge of a digest client, or issued a token.
	scheme := "Digest"
	if credential.ClientID != "" {
		scheme = "Bearer"
	}
	want := `{
  "format": 1,
  "seq": 2,
  "time": "` + testTime.Format("2006-01-02T15:04:05Z") + `",
  "operation": "create",
  "user": "` + credential.PublicKey + credential.ClientID + `",
  "request": {
    "method": "POST",
    "path": "/api/atlas/v2/groups/` + testProject + `/integrations/OPS_GENIE",
    "query": "includeCount=true&(hidden)=(hidden)",
    "headers": {
      "Accept": "application/vnd.atlas.2023-01-01+json",
      "Authorization": "` + scheme + ` (hidden)",
      "Content-Type": "application/json",
      "User-Agent": "Go-http-client/1.1"
    },
    "body": {
      "apiKey": "(hidden)",
      "region": "EU",
      "type": "OPS_GENIE"
    }
  },
  "response": {
    "status": 200,
    "headers": {
      "Content-Type": "application/vnd.atlas.2023-01-01+json; charset=utf-8",
      "RateLimit-Limit": "1200",
      "RateLimit-Remaining": "1199"
    },
    "body": {
      "results": [
        {
          "apiKey": "(hidden)",
          "id": "` + nth(1) + `",
          "region": "EU",
          "type": "OPS_GENIE"
        }
      ],
      "totalCount": 1
    }
  }
}
`
	if diff := cmp.Diff(want, files["000002-create.json"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, text := range files {
		if strings.Contains(name, "updateGroup") && strings.Contains(text, `"status": 200`) && strings.Count(text, `"name": "(hidden)"`) != 2 {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// A client that has its response finds the file. Other clients don't affect that.
func TestRecordingsOfManyClients(t *testing.T) {
	dir := t.TempDir()
	s := Start(t, WithRecordings(dir), WithJournal(0))
	var group sync.WaitGroup
	const clients, each = 16, 10
	for client := range clients {
		group.Go(func() {
			for i := range each {
				id := fmt.Sprintf("%024x", client*each+i)
				r, err := http.NewRequest("PUT", s.URL+"/api/atlas/v2/groups/"+id+"/integrations/OPS_GENIE",
					strings.NewReader(`{"type":"OPS_GENIE","apiKey":"k-`+id+`"}`))
				if err != nil {
					t.Error(err)
					return
				}
				resp, err := s.Client().Do(r)
				if err != nil || resp.StatusCode != 200 {
					t.Errorf("%v, %v", resp, err)
					return
				}
				resp.Body.Close()
			}
		})
	}
	group.Wait()
	files := recordedIn(t, dir)
	seen := map[string]bool{}
	for name, text := range files {
		var x struct {
			Seq     int
			Request struct {
				Path string
				Body map[string]string
			}
			Response struct{ Status int }
		}
		if err := json.Unmarshal([]byte(text), &x); err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
		want := []any{fmt.Sprintf("%06d-update.json", x.Seq), 200, "(hidden)"}
		if diff := cmp.Diff(want, []any{name, x.Response.Status, x.Request.Body["apiKey"]}); diff != "" {
			t.Errorf("name, status, apiKey (-want +got):\n%s", diff)
		}
		seen[x.Request.Path] = true
	}
	if len(files) != clients*each || len(seen) != clients*each {
		t.Errorf("%d files of %d projects, want %d", len(files), len(seen), clients*each)
	}
}

// A failure doesn't change the response. It is logged once, and nothing is recorded afterwards.
func TestRecordingFails(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open folder can't be removed on Windows")
	}
	dir, log := filepath.Join(t.TempDir(), "recordings"), &bytes.Buffer{}
	a := newAPIClient(t, schemas.V2, WithRecordings(dir), WithLogger(slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelError}))))
	a.want(a.do("GET", "", ""), 200, "")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		a.want(a.do("GET", "", ""), 200, "")
	}
	const line = "level=ERROR msg=\"recording stopped\" reason=\"no such file or directory\"\n"
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.HasSuffix(got, line) {
		t.Errorf("the log: %s", got)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	a.want(a.do("GET", "", ""), 200, "")
	if files := recordedIn(t, dir); len(files) != 0 {
		t.Errorf("a recording with a gap: %v", files)
	}
}

// Requests whose connection is dropped are recorded, those to the control API are not.
func TestRecordingOfFaults(t *testing.T) {
	dir := t.TempDir()
	s := Start(t, WithRecordings(dir))
	if err := s.FailNext(Fault{Drop: true}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/atlas/v2/groups", "/_atlasint/health"} {
		if resp, err := s.Client().Get(s.URL + path); err == nil {
			resp.Body.Close()
		}
	}
	files := recordedIn(t, dir)
	if text := files["000001-listGroups.json"]; len(files) != 1 || !strings.Contains(text, `"status": 0`) || !strings.Contains(text, `"fault": "`) {
		t.Errorf("%v", files)
	}
}

func TestRecordingFolders(t *testing.T) {
	full, file := t.TempDir(), filepath.Join(t.TempDir(), "file")
	for _, name := range []string{filepath.Join(full, ".hidden"), file} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{
		"":                           "the folder for recordings has no name",
		full:                         "can't record in " + full + ": the folder has files; name another one, or remove them",
		file:                         "can't record in " + file + ": mkdir " + file + ": " + syscall.ENOTDIR.Error(),
		filepath.Join(file, "below"): "can't record in " + filepath.Join(file, "below") + ": mkdir " + file + ": " + syscall.ENOTDIR.Error(),
	} {
		if _, err := New(WithRecordings(dir)); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	open := t.TempDir()
	if err := os.Chmod(open, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := New(WithRecordings(open)); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(open); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if entries, err := os.ReadDir(open); err != nil || len(entries) != 0 {
		t.Errorf("a new recorder leaves %v, %v", entries, err)
	}
}

// Secrets in queries of any name, and in forms of the token endpoints, are not recorded.
func TestRecordingsOfTokens(t *testing.T) {
	w := newRecordingClient(t, schemas.V2)
	good := basic(DefaultServiceAccount.ClientID, DefaultServiceAccount.ClientSecret)
	got := w.apiClient.oauth("token", tokenForm, good)
	var issued struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(got.body), &issued); err != nil {
		t.Fatal(err)
	}
	w.apiClient.oauth("revoke", "token="+url.QueryEscape(issued.Token), good)
	_, payload, _ := strings.Cut(issued.Token, ".")
	wantNoSecrets(t, map[string]string{"recordings": w.recordings()}, payload, DefaultServiceAccount.ClientSecret, strings.TrimPrefix(good, "Basic "))
	if !strings.Contains(w.recordings(), "000001-token.json") || !strings.Contains(w.recordings(), `"Authorization": "Basic (hidden)"`) {
		t.Error(w.recordings())
	}
}
