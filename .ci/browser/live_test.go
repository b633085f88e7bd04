package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/atlasint/atlasint/fakeatlas"
)

// newProject creates a project, which gets the alert configurations of a new one, and returns its ID.
func (p *page) newProject(name string) string {
	p.Helper()
	body := fmt.Sprintf(`{"name":%q,"orgId":"5f0000000000000000000001"}`, name)
	r, err := http.NewRequestWithContext(p.Context(), "POST", p.url+"/api/atlas/v2/groups", strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	response, err := p.fake.Client().Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	var created struct{ ID string }
	if err := json.NewDecoder(response.Body).Decode(&created); err != nil || created.ID == "" {
		p.Fatalf("the project: %d %v", response.StatusCode, err)
	}
	return created.ID
}

// challenge sends a request without credentials.
func (p *page) challenge() {
	p.Helper()
	response, err := http.Get(p.url + "/api/atlas/v2/groups/" + project + "/integrations")
	if err != nil {
		p.Fatal(err)
	}
	_ = response.Body.Close()
}

// TestCharts counts all requests of the last minute, also after the clock was moved, and more than a page of the
// journal.
func TestCharts(t *testing.T) {
	p := open(t, fakeatlas.WithRateLimit(0))
	p.fake.Advance(24 * time.Hour)
	const requests = 600
	for range requests {
		p.api("GET", "/integrations", "")
	}
	p.challenge()
	p.visit("/", "Overview")
	p.text(fmt.Sprintf("%d in the last minute", requests+1))
	p.text(fmt.Sprintf("2xx %d", requests))
	p.text("without 1 challenge")
}

// TestJournalPlace opens a request far down in the list by a click on its row, and returns to it.
func TestJournalPlace(t *testing.T) {
	p := open(t)
	for range 150 {
		p.api("GET", "/integrations", "")
	}
	p.challenge()
	p.visit("/journal", "Journal")
	p.choose("Type", "DATADOG")
	p.text("No request matches")
	p.click("Remove the filters")
	p.wait(`document.querySelectorAll("table.journal tbody tr").length === 151`)
	p.run(chromedp.Click(field("Hide challenges"), chromedp.NodeVisible))
	p.wait(`document.querySelectorAll("table.journal tbody tr").length === 150`)
	for _, width := range []int64{1280, 390} {
		p.size(width, "light")
		p.script(`document.querySelector("tr[data-key='10']").scrollIntoView({block: "center"})`)
		before := eval[float64](p, `scrollY`)
		p.run(chromedp.Click(`//tr[@data-key="10"]/td[not(@class) or @class="nowrap"]`, chromedp.NodeVisible))
		p.wait(`location.hash === "#/journal/10" && document.activeElement.textContent === "Request 10: GET"`)
		if at := eval[float64](p, `scrollY`); width > 1100 && at < before/2 {
			t.Errorf("%d pixels: the page jumps from %v to %v", width, before, at)
		}
		p.run(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter)) // Close
		p.wait(`location.hash === "#/journal" && document.activeElement.closest("tr")?.dataset.key === "10"`)
		if at := eval[float64](p, `scrollY`); at < before-100 || at > before+100 {
			t.Errorf("%d pixels: the list was at %v and is at %v", width, before, at)
		}
	}
}

// TestJournalCapacity shows as many requests as the server keeps, and says so if it keeps none.
func TestJournalCapacity(t *testing.T) {
	p := open(t, fakeatlas.WithJournal(3))
	for range 5 {
		p.api("GET", "/integrations", "")
	}
	p.visit("/journal", "Journal")
	p.text("3 requests")
	p.text("Live")
	p.api("GET", "/integrations/SLACK", "")
	p.wait(`document.querySelector("table.journal tbody").innerText.includes("SLACK")`)
	p.wait(`document.querySelectorAll("table.journal tbody tr").length === 3`)
	p.text("3 requests")
	none := open(t, fakeatlas.WithJournal(0))
	none.api("GET", "/integrations", "")
	none.visit("/journal", "Journal")
	none.text("The server keeps no requests")
}

// TestJournalIsComplete shows a request that arrives while the page reads the list.
func TestJournalIsComplete(t *testing.T) {
	p := open(t)
	p.api("GET", "/integrations", "")
	p.visit("/journal", "Journal")
	p.text("Live")
	p.wait(`document.querySelectorAll("table.journal tbody tr").length === 1`)
	p.script(`(() => {
		const send = window.fetch;
		window.fetch = async (url, options) => {
			const response = await send(url, options);
			if (!String(url).includes("/requests?")) return response;
			const value = await response.json();
			await new Promise((resolve) => { window.release = resolve; });
			response.json = async () => { setTimeout(() => { window.done = true; }); return value; };
			return response;
		};
	})()`)
	p.choose("Method", "GET")
	p.wait(`window.release !== undefined`)
	p.api("GET", "/integrations", "")
	p.wait(`document.body.innerText.includes("1 new") || document.querySelectorAll("table.journal tbody tr").length === 2`)
	p.script(`window.release()`)
	p.wait(`window.done`)
	if n := eval[int](p, `document.querySelectorAll("table.journal tbody tr").length`); n != 2 {
		t.Errorf("the list has %d requests, want 2", n)
	}
}

// TestLongLines shows all of a long line of JSON, and the thresholds of alert configurations.
func TestLongLines(t *testing.T) {
	p := open(t)
	p.api("POST", "/integrations/SLACK", `{"type":"SLACK","apiToken":"xoxb-0123456789","teamName":"`+strings.Repeat("x", 900)+`","channelName":"channel"}`)
	p.visit("/journal/1", "Journal")
	p.text(strings.Repeat("x", 900))
	p.wait(`[...document.querySelectorAll("pre.json")].every((pre) => pre.scrollWidth <= pre.clientWidth)`)
	p.visit("/projects/"+p.newProject("Alerts"), "Alerts")
	p.text("NORMALIZED_SYSTEM_CPU_USER > 95")
	p.text("< 1 HOURS")
}

// TestOffline shows that the server does not respond, and that it is back.
func TestOffline(t *testing.T) {
	p := open(t)
	p.expect("ERR_")
	p.visit("/journal", "Journal")
	p.text("Live")
	p.size(390, "light")
	p.down.Store(true)
	p.stop()
	p.wait(`/The server does not respond\. The page shows data of \d\d:\d\d:\d\d UTC\./.test(document.body.innerText)`)
	p.down.Store(false)
	p.wait(`document.getElementById("offline").hidden && document.getElementById("live").dataset.state === "open"`)
}

// TestSessionEnded shows at the login why it is required again.
func TestSessionEnded(t *testing.T) {
	p := open(t, fakeatlas.WithControl("the-token"))
	p.expect("401")
	p.run(chromedp.Navigate(p.url + "/_atlasint/ui/#/faults"))
	p.heading("Sign in")
	p.wait(`!document.body.innerText.includes("Your session has ended")`)
	p.fill("Control token", "the-token")
	p.click("Sign in")
	p.heading("Faults")
	p.script(`fetch("logout", {method: "POST", headers: {"X-Atlasint-Console": "1"}}).then(() => document.querySelector("nav a[data-page=stubs]").click())`)
	p.heading("Sign in")
	p.text("Your session has ended")
}
