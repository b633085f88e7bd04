package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// references are pages of the API reference: one of each kind, with their headings.
var references = []struct{ file, heading string }{
	{"", "Atlas integrations reference"},
	{"v2.html", "API v2"},
	{"type-WEBHOOK.html", "WEBHOOK"},
	{"differences.html", "Differences"},
	{"errors.html", "Error codes"},
	{"control.html", "Control API"},
}

// TestReference visits pages of the API reference at two widths in both color schemes.
func TestReference(t *testing.T) {
	p := open(t)
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			p.size(width, scheme)
			for _, page := range references {
				where := fmt.Sprintf("reference-%s-%d-%s", page.file, width, scheme)
				p.run(chromedp.Navigate(p.url + "/_atlasint/ui/reference/" + page.file))
				p.wait(fmt.Sprintf(`document.querySelector("main h1")?.textContent.includes(%q)`, page.heading))
				p.checkWidth(where)
				p.checkAxe(where)
				p.picture(where)
			}
		}
	}
}

// TestReferenceSearchAndTry finds an operation by the search, follows its deep link, and sends it to the fake.
func TestReferenceSearchAndTry(t *testing.T) {
	p := open(t)
	if err := p.fake.Seed(project, datadog); err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.Navigate(p.url+"/_atlasint/ui/reference/"), chromedp.WaitVisible("#search"), chromedp.SendKeys("#search", "listGroupIntegrations"))
	p.run(chromedp.Click(`//ul[@aria-label="Search results"]//a[contains(@href, "v2.html#listGroupIntegrations")]`, chromedp.NodeVisible))
	entry := `//*[@id="listGroupIntegrations"]`
	p.wait(`location.hash === "#listGroupIntegrations" && document.readyState === "complete"`)
	p.run(chromedp.Click(entry+`//summary[normalize-space(.)="curl, try it"]`, chromedp.NodeVisible))
	p.run(chromedp.Focus(entry+`//button[normalize-space(.)="Try it"]`, chromedp.NodeVisible), chromedp.KeyEvent(" "))
	p.wait(`document.querySelector("#listGroupIntegrations form.try input")`)
	p.script(fmt.Sprintf(`document.querySelector("#listGroupIntegrations form.try input").value = %q`, project))
	p.run(chromedp.Click(entry+`//button[normalize-space(.)="Send GET"]`, chromedp.NodeVisible))
	p.wait(`document.querySelector("#listGroupIntegrations form.try [role=status]").innerText.includes("DATADOG")`)
	if n := len(p.fake.Requests(project)); n != 1 {
		t.Errorf("%d requests in the journal, want that of the page", n)
	}
}
