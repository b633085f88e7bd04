package browser

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/atlasint/atlasint/fakeatlas"
)

// api sends a request to the API and returns its status.
func (p *page) api(method, path, body string) int {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.url+"/api/atlas/v2/groups/"+project+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := p.fake.Client().Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// TestIntegration creates an integration after a refusal, edits it and deletes it.
func TestIntegration(t *testing.T) {
	p := open(t)
	p.visit("/projects/"+project+"/integrations/new", "New integration")
	p.choose("Type", "DATADOG")
	p.fill("Datadog API key", "too-short")
	p.click("Create integration")
	p.fieldError("apiKey", "Error")
	p.picture("console-form")
	if n := len(p.fake.Integrations(project)); n != 0 {
		t.Fatalf("a refused payload is stored: %d", n)
	}
	p.text("The payload is not valid")
	p.fill("Datadog API key", "0123456789abcdef0123456789abcdef")
	p.wait(`!document.body.innerText.includes("The payload is not valid") && !document.body.innerText.includes("Send without validation")`)
	p.click("Create integration")
	p.heading("Project " + project)
	p.text("DATADOG")
	p.click("Edit DATADOG")
	p.heading("Edit DATADOG")
	p.choose("Datadog region", "US5")
	p.click("Save")
	p.heading("Project " + project)
	if in, _ := p.fake.Integration(project, "DATADOG"); in.Fields["region"] != "US5" || in.Fields["apiKey"] != "0123456789abcdef0123456789abcdef" {
		t.Errorf("after the edit: region %v, and the key has changed: %t", in.Fields["region"], in.Fields["apiKey"] != "0123456789abcdef0123456789abcdef")
	}
	p.click("Delete DATADOG")
	p.confirm("Delete")
	p.wait(`!document.querySelector("main").innerText.includes("Edit DATADOG") && !document.querySelector("[aria-label='Edit DATADOG']")`)
	if n := len(p.fake.Integrations(project)); n != 0 {
		t.Errorf("after the deletion: %d", n)
	}
}

// TestJournal shows a request of curl without a reload, not while the journal is paused.
func TestJournal(t *testing.T) {
	p := open(t, fakeatlas.WithoutAuth())
	p.visit("/journal", "Journal")
	p.text("Live")
	curl := func(typ string) {
		t.Helper()
		address := p.url + "/api/atlas/v2/groups/" + project + "/integrations/" + typ
		if out, err := exec.Command("curl", "-sS", "-H", "Accept: application/vnd.atlas.2023-01-01+json", address).CombinedOutput(); err != nil {
			t.Fatalf("curl: %v %s", err, out)
		}
	}
	curl("WEBHOOK")
	p.wait(`[...document.querySelectorAll("table.journal tbody tr")].some((tr) => tr.innerText.includes("WEBHOOK") && tr.innerText.includes("404"))`)
	p.click("Pause")
	curl("SLACK")
	p.text("1 new")
	p.wait(`![...document.querySelectorAll("table.journal tbody tr")].some((tr) => tr.innerText.includes("SLACK"))`)
	p.click("Resume")
	p.wait(`[...document.querySelectorAll("table.journal tbody tr")].some((tr) => tr.innerText.includes("SLACK"))`)
	p.choose("Type", "SLACK")
	p.wait(`document.querySelectorAll("table.journal tbody tr").length === 1`)
}

// TestFault adds a fault from a template, with a body that needs a confirmation; the next request fails, and the page counts it.
func TestFault(t *testing.T) {
	p := open(t)
	p.visit("/faults", "Faults")
	p.click("503 unavailable")
	p.script(`[...document.querySelectorAll("textarea")].at(-1).value = '{"a":'`)
	p.click("Add fault")
	p.wait(`document.querySelector(".findings .warning").textContent.includes("It begins like JSON") && !document.querySelector("table.rows")`)
	p.click("Add fault")
	p.wait(`document.querySelector("table.rows")?.innerText.includes("status 503")`)
	if status := p.api("GET", "/integrations", ""); status != 503 {
		t.Errorf("status %d", status)
	}
	p.wait(`document.querySelector("table.rows tbody tr").cells[3].textContent === "1"`)
	p.click("Remove fault 1")
	p.wait(`!document.querySelector("[aria-label='Remove fault 1']")`)
	_ = p.fake.FailNext(fakeatlas.Fault{Truncate: true})
	p.api("GET", "/integrations", "")
	p.visit("/journal", "Journal")
	p.wait(`(([, , , status, path]) => status.innerText === "200\ntruncated" && getComputedStyle(status.firstChild).whiteSpace === "nowrap" &&
		path.innerText.endsWith("fault 2: truncate"))(document.querySelector(".journal .status.error").closest("tr").cells)`)
}

// TestSnapshot downloads a snapshot, resets the server, and restores the snapshot.
func TestSnapshot(t *testing.T) {
	p := open(t)
	p.busy()
	folder := t.TempDir()
	done := make(chan string, 1)
	if err := chromedp.ListenBrowser(p.tab, func(event any) {
		if e, ok := event.(*browser.EventDownloadProgress); ok && string(e.State) == "completed" {
			done <- e.GUID
		}
	}); err != nil {
		t.Fatal(err)
	}
	events := true
	if _, err := chromedp.CallBrowser(p.tab, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: "allowAndName", DownloadPath: folder, EventsEnabled: &events, BrowserContextID: chromedp.FromContext(p.tab).BrowserContextID,
	}); err != nil {
		t.Fatal(err)
	}
	p.visit("/data", "Data")
	p.click("Download snapshot")
	var file string
	select {
	case guid := <-done:
		file = filepath.Join(folder, guid)
	case <-time.After(patience):
		t.Fatal("no download")
	}
	if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), `"DATADOG"`) {
		t.Fatalf("the snapshot: %v", err)
	}
	p.click("Reset the server…")
	p.confirm("Reset")
	if n := len(p.fake.Integrations(project)); n != 0 {
		t.Fatalf("after the reset: %d", n)
	}
	p.run(chromedp.SetUploadFiles(field("Snapshot file"), []string{file}))
	p.click("Restore…")
	p.confirm("Restore")
	p.text("Restored")
	if in, ok := p.fake.Integration(project, "DATADOG"); !ok || in.Fields["region"] != "EU" {
		t.Error("the integration is not restored")
	}
}

// TestLogin signs in, and shows that pages can neither read the cookie nor use it without the header.
func TestLogin(t *testing.T) {
	p := open(t, fakeatlas.WithControl("the-token"))
	p.expect("401")
	p.expect("403")
	p.run(chromedp.Navigate(p.url + "/_atlasint/ui/#/faults"))
	p.heading("Sign in")
	p.fill("Control token", "wrong")
	p.click("Sign in")
	p.wait(`document.querySelector("[role=alert]").textContent.includes("wrong")`)
	p.fill("Control token", "the-token")
	p.click("Sign in")
	p.heading("Faults")
	kept := eval[string](p, `document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.documentElement.outerHTML`)
	if strings.Contains(kept, "the-token") || strings.Contains(kept, "atlasint-console-") {
		t.Error("the page has the token or the cookie")
	}
	statuses := eval[[]int](p, `Promise.all([{}, {"X-Atlasint-Console": "1"}].map((extra) => fetch("/_atlasint/faults",
		{method: "POST", headers: {"Content-Type": "application/json", ...extra}, body: '{"status":503}'}).then((r) => r.status)))`)
	if want := []int{403, 201}; !slices.Equal(statuses, want) {
		t.Errorf("without and with the header: %v, want %v", statuses, want)
	}
	p.click("Sign out")
	p.heading("Sign in")
	if status := eval[int](p, `fetch("/_atlasint/health").then((r) => r.status)`); status != 401 {
		t.Errorf("after signing out: %d", status)
	}
}

// TestHostileValues shows names and values that would run in a page that makes markup of them.
func TestHostileValues(t *testing.T) {
	p := open(t)
	const hostile = `"'><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}`
	state := `{"format":3,"projects":{"` + project + `":{"project":{"org":"32b6e34b3d91647abb20e7b8","name":"Hostile"},"integrations":[
		{"type":"DATADOG","fields":{"apiKey":"0123456789abcdef0123456789abcdef","region":"US"}},
		{"type":"SLACK","fields":{"apiToken":"xoxb-0123456789","teamName":"<img src=x onerror=hacked()>","channelName":"<script>window.hacked=1</script>"}}]}}}`
	r, err := http.NewRequestWithContext(t.Context(), "PUT", p.url+"/_atlasint/state", strings.NewReader(state))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := io.ReadAll(response.Body); response.Body.Close() != nil || response.StatusCode != 204 {
		t.Fatalf("the state: %d %s", response.StatusCode, text)
	}
	if _, err := p.fake.InjectFault(fakeatlas.Fault{Path: "/" + hostile, Status: 500, Header: map[string]string{"X-A": hostile}, Body: hostile}); err != nil {
		t.Fatal(err)
	}
	if err := p.fake.Stub(fakeatlas.Stub{Path: "/stub<script>", Body: hostile, Header: map[string]string{"X-A": "<script>"}}); err != nil {
		t.Fatal(err)
	}
	p.api("POST", "/integrations/%3Cscript%3E", `{"type":"`+strings.ReplaceAll(hostile, `"`, `\"`)+`"}`)
	p.api("PUT", "/integrations/DATADOG", `{"type":"DATADOG","<img src=x onerror=hacked()>":1}`)
	for _, page := range pages {
		if page.name == "edit-integration" || page.name == "project" {
			continue
		}
		p.visit(page.fragment, page.heading)
		if eval[bool](p, `"hacked" in window || document.querySelectorAll("main img, main script, main [onerror]").length > 0`) {
			t.Errorf("%s: a value became markup", page.name)
		}
	}
	p.run(chromedp.Navigate(p.url + "/_atlasint/ui/#/projects/" + project))
	p.text("SLACK")
	p.text("<img src=x onerror=hacked()>")
	if eval[bool](p, `"hacked" in window || document.querySelectorAll("main img, main script, a[href^='javascript']").length > 0`) {
		t.Error("project: a value became markup")
	}
}

// TestKeyboard reaches a page, adds a fault and cancels a dialog without a mouse.
func TestKeyboard(t *testing.T) {
	p := open(t)
	p.busy()
	p.visit("/", "Overview")
	focused := func() string {
		return eval[string](p, `(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent).trim()`)
	}
	// tab presses Tab until a control has the focus.
	tab := func(name string) {
		t.Helper()
		for range 80 {
			p.run(chromedp.KeyEvent(kb.Tab))
			if focused() == name {
				return
			}
		}
		t.Fatalf("Tab does not reach %q", name)
	}
	p.run(chromedp.KeyEvent(kb.Tab))
	if got := focused(); got != "Skip to the content" {
		t.Errorf("the first stop is %q", got)
	}
	p.run(chromedp.KeyEvent(kb.Enter))
	p.wait(`document.activeElement.id === "main"`)
	p.visit("/clock", "Clock")
	p.script(`document.activeElement.blur(); document.getElementById("skip").focus()`)
	tab("Faults")
	if !eval[bool](p, `(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0; })()`) {
		t.Error("the focus is not visible")
	}
	p.run(chromedp.KeyEvent(kb.Enter))
	p.heading("Faults")
	p.wait(`document.activeElement.tagName === "H1"`)
	tab("503 unavailable")
	p.run(chromedp.KeyEvent(kb.Enter))
	p.wait(`document.activeElement.textContent === "Add fault"`)
	p.run(chromedp.KeyEvent(kb.Enter))
	p.wait(`document.querySelector("[aria-label='Remove fault 2']")`)
	p.visit("/data", "Data")
	tab("Reset the server…")
	p.run(chromedp.KeyEvent(kb.Enter))
	p.wait(`document.activeElement.closest("dialog[open]") !== null`)
	for range 4 { // the focus leaves the dialog for the browser's own controls only
		p.run(chromedp.KeyEvent(kb.Tab))
		if eval[bool](p, `document.activeElement !== document.body && document.activeElement.closest("dialog[open]") === null`) {
			t.Error("the focus leaves the open dialog")
		}
	}
	p.run(chromedp.KeyEvent(kb.Escape))
	p.wait(`!document.querySelector("dialog[open]") && document.activeElement.textContent === "Reset the server…"`)
	if len(p.fake.Integrations(project)) == 0 {
		t.Error("a canceled reset has reset the server")
	}
}
