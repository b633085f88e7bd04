package browser

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/atlasint/atlasint/fakeatlas"
)

// fieldError waits until the field with a name or label has the focus and shows an error with a text.
func (p *page) fieldError(name, text string) {
	p.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const f = document.activeElement;
		if (![f.name, f.labels?.[0]?.textContent].includes(%q) || f.getAttribute("aria-invalid") !== "true") return false;
		return f.getAttribute("aria-describedby").split(" ").some((id) => document.getElementById(id)?.textContent.includes(%q));
	})()`, name, text))
}

// TestErrorsOfFields shows errors of the server, and malformed JSON, next to their fields.
func TestErrorsOfFields(t *testing.T) {
	p := open(t)
	p.visit("/projects", "Projects")
	p.click("Create project")
	p.fieldError("name", "required attribute name")
	p.visit("/projects/"+project+"/alerts/new", "New alert configuration")
	p.click("Create alert configuration")
	p.fieldError("eventTypeName", "required attribute eventTypeName")
	p.click("No primary, to the owners")
	p.fill("Notifications", "[{")
	p.click("Create alert configuration")
	p.fieldError("notifications", "not valid JSON")
}

// TestFilters keeps the list while a project ID is typed, and finds paths by their beginning.
func TestFilters(t *testing.T) {
	p := open(t)
	p.api("GET", "/integrations", "")
	p.visit("/journal", "Journal")
	p.wait(`document.querySelectorAll("table.journal tbody tr").length === 1`)
	p.fill("Project", "5d79")
	p.text("Not a project ID")
	p.fill("Path", "/api/atlas/v2")
	p.choose("Method", "POST")
	p.text("No request matches")
	p.choose("Method", "GET")
	p.wait(`document.querySelectorAll("table.journal tbody tr").length === 1`)
}

// TestLoginReturns returns to the page that required the login.
func TestLoginReturns(t *testing.T) {
	p := open(t, fakeatlas.WithControl("the-token"))
	p.expect("401")
	p.run(chromedp.Navigate(p.url + "/_atlasint/ui/reference/v2.html#listGroupIntegrations"))
	p.wait(`document.querySelector("#listGroupIntegrations summary")?.textContent.includes("try it")`)
	entry := `//*[@id="listGroupIntegrations"]`
	p.run(chromedp.Click(entry+`//summary[contains(., "try it")]`, chromedp.NodeVisible), chromedp.Click(entry+`//button[.="Try it"]`, chromedp.NodeVisible))
	p.run(chromedp.Click(entry+`//button[.="Send GET"]`, chromedp.NodeVisible))
	p.heading("Sign in")
	p.fill("Control token", "the-token")
	p.click("Sign in")
	p.wait(`location.pathname.endsWith("/reference/v2.html") && location.hash === "#listGroupIntegrations"`)
}
