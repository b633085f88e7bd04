package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/atlasint/atlasint/fakeatlas"
)

// press activates a button or link with the keyboard.
func (p *page) press(name string) {
	p.Helper()
	p.run(chromedp.Focus(button(name), chromedp.NodeVisible), chromedp.KeyEvent(kb.Enter))
}

// focus waits until an element with a name has the focus.
func (p *page) focus(name string) {
	p.Helper()
	p.wait(fmt.Sprintf(`(document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent).trim() === %q`, name))
}

// TestTablesFit shows all of each table at all widths: nothing is cut off at the right.
func TestTablesFit(t *testing.T) {
	p := open(t)
	p.busy()
	id := p.newProject("Alerts")
	if err := p.fake.Seed(id, datadog); err != nil {
		t.Fatal(err)
	}
	for _, page := range []struct{ fragment, heading string }{
		{"/projects", "Projects"}, {"/projects/" + id, "Alerts"}, {"/journal", "Journal"}, {"/faults", "Faults"}, {"/stubs", "Stubs"},
	} {
		p.visit(page.fragment, page.heading)
		for width := int64(320); width <= 1400; width += 40 {
			p.size(width, "light")
			cut := eval[[]string](p, `[...document.querySelectorAll(".scroll")].filter((box) => {
				const right = Math.min(innerWidth, box.getBoundingClientRect().right) + 1;
				return [...box.querySelectorAll("button, a, td, tbody th")].some((node) => node.getBoundingClientRect().right > right);
			}).map((box) => box.firstElementChild.getAttribute("aria-label"))`)
			if len(cut) > 0 {
				t.Errorf("%s at %d pixels: cut off: %v", page.heading, width, cut)
			}
		}
	}
}

// TestFocusStays keeps the focus on what an action was about, or on what took its place.
func TestFocusStays(t *testing.T) {
	p := open(t)
	id := p.newProject("Alerts")
	if err := p.fake.Seed(id, datadog, `{"type":"SLACK","apiToken":"xoxb-0123456789","teamName":"team","channelName":"channel"}`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := p.fake.InjectFault(fakeatlas.Fault{Type: "SLACK", Status: 503}); err != nil {
			t.Fatal(err)
		}
		if err := p.fake.Stub(fakeatlas.Stub{Path: "/internal/{rest...}"}); err != nil {
			t.Fatal(err)
		}
	}
	p.visit("/faults", "Faults")
	p.press("Remove fault 1")
	p.focus("Remove fault 2")
	p.press("Remove fault 2")
	p.focus("Active faults")
	p.press("503 unavailable")
	p.press("Add fault")
	p.wait(`document.querySelector("[aria-label='Remove fault 3']")`)
	p.focus("Add fault")
	p.press("Remove all")
	p.confirmByKey("Remove all")
	p.focus("Active faults")

	p.visit("/stubs", "Stubs")
	p.press("Remove stub 1")
	p.focus("Remove stub 2")
	p.press("Remove stub 2")
	p.focus("Stubs")

	p.visit("/projects/"+id, "Alerts")
	p.press("Disable NO_PRIMARY")
	p.focus("Enable NO_PRIMARY")
	p.press("Delete DATADOG")
	p.confirmByKey("Delete")
	p.focus("Delete SLACK")
	p.press("Delete SLACK")
	p.confirmByKey("Delete")
	p.focus("Integrations")
	p.press("Rename")
	p.run(chromedp.KeyEvent(" again"), chromedp.KeyEvent(kb.Enter))
	p.heading("Alerts again")
	p.focus("Rename")

	p.visit("/clock", "Clock")
	p.press("1 day")
	p.text("ahead of this machine")
	p.focus("1 day")
	p.press("Stop now")
	p.focus("Continue from this time")
	p.run(chromedp.KeyEvent(kb.Enter))
	p.text("Running, 24 h 0 min ahead of this machine.")
	p.focus("Stop now")

	p.visit("/journal", "Journal")
	if text := eval[string](p, `document.getElementById("toast").textContent`); text != "" {
		t.Errorf("the message of another page stays: %s", text)
	}
	p.press("Clear")
	p.confirmByKey("Clear")
	p.text("No requests yet")
	p.focus("Clear")
}

// confirmByKey activates a button of the open dialog with the keyboard.
func (p *page) confirmByKey(name string) {
	p.Helper()
	p.run(chromedp.Focus(`//dialog[@open]`+button(name), chromedp.NodeVisible), chromedp.KeyEvent(kb.Enter))
	p.wait(`!document.querySelector("dialog[open]")`)
}

// TestErrorsOfControls puts the focus on the field that the control API rejects, and names it as the page does.
func TestErrorsOfControls(t *testing.T) {
	p := open(t)
	p.expect("400")
	p.visit("/faults", "Faults")
	p.press("Add fault")
	p.fieldError("Status", "Set a status, an error code or a delay")
	p.fill("Delay", "soon")
	p.press("Add fault")
	p.fieldError("Delay", "Must be a duration")
	p.fill("Delay", "1s")
	p.fill("Retry-After", "2s")
	p.press("Add fault")
	p.fieldError("Retry-After", "Needs a status or an “Error code”")
	p.visit("/stubs", "Stubs")
	p.press("Add stub")
	p.fieldError("Path", "It is missing")
	p.visit("/clock", "Clock")
	p.press("Advance")
	p.fieldError("Duration", "Enter a duration")
	p.fill("Duration", "soon")
	p.press("Advance")
	p.fieldError("Duration", "This is not a duration")
	p.press("1 minute")
	p.wait(`!document.querySelector("[aria-invalid=true]")`)
	p.visit("/data", "Data")
	p.press("Reset the project…")
	p.fieldError("Project ID", "This is not a project ID")
	p.press("Restore…")
	p.fieldError("Snapshot file", "No file is selected")
	masked := filepath.Join(t.TempDir(), "masked.json")
	snapshot := `{"format":3,"projects":{"` + project + `":{"integrations":[{"type":"DATADOG","fields":{"apiKey":"****************************cdef"}}]}}}`
	if err := os.WriteFile(masked, []byte(snapshot), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run(chromedp.SetUploadFiles(field("Snapshot file"), []string{masked}))
	p.press("Restore…")
	p.fieldError("Snapshot file", "The file contains masks")
}
