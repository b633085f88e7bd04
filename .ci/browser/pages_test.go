package browser

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/atlasint/atlasint/fakeatlas"
)

const datadog = `{"type":"DATADOG","apiKey":"0123456789abcdef0123456789abcdef","region":"EU"}`

// pages are the fragments of the pages and their headings.
var pages = []struct{ name, fragment, heading string }{
	{"overview", "/", "Overview"},
	{"projects", "/projects", "Projects"},
	{"project", "/projects/" + project, "Project " + project},
	{"new-integration", "/projects/" + project + "/integrations/new", "New integration"},
	{"edit-integration", "/projects/" + project + "/integrations/DATADOG", "Edit DATADOG"},
	{"new-alert", "/projects/" + project + "/alerts/new", "New alert configuration"},
	{"journal", "/journal", "Journal"},
	{"request", "/journal/1", "Journal"},
	{"faults", "/faults", "Faults"},
	{"stubs", "/stubs", "Stubs"},
	{"clock", "/clock", "Clock"},
	{"data", "/data", "Data"},
}

// busy fills a fake with something of everything.
func (p *page) busy() {
	p.Helper()
	if err := p.fake.Seed(project, datadog); err != nil {
		p.Fatal(err)
	}
	stub := fakeatlas.Stub{Method: "GET", Path: "/api/atlas/v2/groups/{groupId}/serverless", Body: map[string]any{"results": []any{}}}
	if err := p.fake.Stub(stub); err != nil {
		p.Fatal(err)
	}
	if _, err := p.fake.InjectFault(fakeatlas.Fault{Type: "SLACK", Status: 503, Times: 9}); err != nil {
		p.Fatal(err)
	}
	for _, path := range []string{"/integrations", "/integrations/DATADOG", "/integrations/SLACK", "/serverless", "/nothing"} {
		p.api("GET", path, "")
	}
}

// TestPages visits every page at two widths in both color schemes: no errors, nothing to scroll sideways, and no
// serious problem of accessibility.
func TestPages(t *testing.T) {
	p := open(t)
	p.busy()
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			p.size(width, scheme)
			for _, page := range pages {
				where := fmt.Sprintf("%s-%d-%s", page.name, width, scheme)
				p.visit(page.fragment, page.heading)
				p.checkWidth(where)
				p.checkAxe(where)
				p.picture(where)
			}
		}
	}
}

// TestJournalPicture makes the picture of docs/console.md.
func TestJournalPicture(t *testing.T) {
	p := open(t)
	p.busy()
	p.visit("/journal/3", "Journal")
	p.text("NOT_FOUND")
	p.wait(`[...document.querySelectorAll("dt")].some((dt) => dt.innerText === "API version" && dt.nextElementSibling.innerText === "v2")`)
	p.picture("console-journal")
}

// TestLoginPage checks the page for the token in the same way.
func TestLoginPage(t *testing.T) {
	p := open(t, fakeatlas.WithControl("the-token"))
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			where := fmt.Sprintf("login-%d-%s", width, scheme)
			p.size(width, scheme)
			p.run(chromedp.Navigate(p.url + "/_atlasint/ui/login.html"))
			p.heading("Sign in")
			p.checkWidth(where)
			p.checkAxe(where)
			p.picture(where)
		}
	}
}

func (p *page) checkWidth(where string) {
	p.Helper()
	if eval[bool](p, `document.documentElement.scrollWidth > innerWidth`) {
		p.Errorf("%s: the page scrolls sideways", where)
	}
}

// checkAxe reports what axe-core finds serious or critical.
func (p *page) checkAxe(where string) {
	p.Helper()
	p.script(axe)
	found := eval[[]string](p, `axe.run().then((r) => r.violations.filter((v) => ["serious", "critical"].includes(v.impact))
		.map((v) => v.id + ": " + v.help + ": " + v.nodes.map((n) => n.html + " " + n.failureSummary).slice(0, 3).join(" | ")))`)
	for _, text := range found {
		p.Errorf("%s: %s", where, text)
	}
}

// picture writes a screenshot with 256 colors to the folder in SCREENSHOTS.
func (p *page) picture(name string) {
	p.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	data, err := chromedp.Run(p.tab, chromedp.CaptureScreenshot())
	if err != nil {
		p.fail(err)
	}
	shot, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		p.Fatal(err)
	}
	small := image.NewPaletted(shot.Bounds(), frequent(shot))
	draw.Draw(small, shot.Bounds(), shot, image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), out.Bytes(), 0o644); err != nil {
		p.Fatal(err)
	}
}

// frequent returns the most frequent colors of a picture.
func frequent(shot image.Image) color.Palette {
	counts := map[color.Color]int{}
	for y := range shot.Bounds().Dy() {
		for x := range shot.Bounds().Dx() {
			counts[shot.At(x, y)]++
		}
	}
	colors := slices.SortedFunc(maps.Keys(counts), func(a, b color.Color) int { return counts[b] - counts[a] })
	return colors[:min(len(colors), 256)]
}

// TestAxeFindsProblems shows that the check of accessibility can fail.
func TestAxeFindsProblems(t *testing.T) {
	p := open(t)
	p.visit("/clock", "Clock")
	p.script(`document.querySelector("main h1").parentElement.append(document.createElement("input"))`)
	p.script(axe)
	found := eval[[]string](p, `axe.run().then((r) => r.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => v.id))`)
	if strings.Join(found, " ") != "label" {
		t.Errorf("axe-core finds %v, want the input without a label", found)
	}
}
