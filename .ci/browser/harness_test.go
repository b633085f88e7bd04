package browser

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/atlasint/atlasint/fakeatlas"
	"github.com/atlasint/atlasint/fakeatlas/console"
)

const project = "5d791c84ff7a2522cc4f9aa1"

// patience is how long a test waits for something that should happen at once: a failure ends, a busy machine is no failure.
const patience = time.Minute

//go:embed node_modules/axe-core/axe.min.js
var axe string

var chromium context.Context

func TestMain(m *testing.M) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("chromium"), chromedp.WSURLReadTimeout(patience))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium does not start as root with it
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	var end context.CancelFunc
	chromium, end = chromedp.NewContext(allocator)
	if err := chromedp.Do(chromium); err != nil {
		fmt.Fprintln(os.Stderr, "can't start chromium:", err)
		os.Exit(1)
	}
	code := m.Run()
	end()
	stop()
	os.Exit(code)
}

// page is a tab with the console of a server of its own.
type page struct {
	*testing.T
	tab  context.Context
	fake *fakeatlas.Server
	url  string
	down atomic.Bool // the server closes all connections without a response
	stop func()      // closes the open connections

	mu       sync.Mutex
	messages []string
	expected []string
}

// open starts a fake and opens a tab. At the end, the test fails if the tab has reported an error: a violation of the
// content security policy, an exception, or a failed request.
func open(t *testing.T, opts ...fakeatlas.Option) *page {
	t.Helper()
	fake, err := fakeatlas.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{T: t, fake: fake}
	handler := console.Handler(fake)
	// A server that is down keeps its port: another program could get it meanwhile.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.down.Load() {
			panic(http.ErrAbortHandler)
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	p.url, p.stop = server.URL, server.CloseClientConnections
	fresh, closeContext := chromedp.NewContext(chromium, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.listen))
	t.Cleanup(closeContext)
	if err := chromedp.Do(fresh); err != nil {
		t.Fatal(err)
	}
	tab, cancel := context.WithTimeout(fresh, 20*patience)
	t.Cleanup(cancel)
	p.tab = tab
	p.run(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, runtime.Enable, cdp.Empty{})
		if err == nil {
			_, err = cdp.Call(ctx, target, cdplog.Enable, cdp.Empty{})
		}
		return err
	}))
	p.size(1280, "light")
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, message := range p.messages {
			t.Errorf("the console of the browser: %s", message)
		}
	})
	return p
}

// expect lets the browser report messages that contain a text.
func (p *page) expect(text string) { p.expected = append(p.expected, text) }

func (p *page) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.report(fmt.Sprintf("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			texts := []string{string(e.Type)}
			for _, argument := range e.Args {
				texts = append(texts, string(argument.Value), argument.Description)
			}
			p.report(strings.Join(texts, " "))
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			p.report(fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	}
}

func (p *page) report(message string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.ContainsFunc(p.expected, func(text string) bool { return strings.Contains(message, text) }) {
		p.messages = append(p.messages, message)
	}
}

func (p *page) run(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	for _, action := range actions {
		err := chromedp.Do(ctx, action)
		for err != nil && ctx.Err() == nil && replaced(err) {
			err = chromedp.Do(ctx, action)
		}
		if err != nil {
			p.fail(err)
		}
	}
}

// replaced reports whether an action failed because the page replaced the element, or the document, that it had found.
func replaced(err error) bool {
	return slices.ContainsFunc([]string{
		"Could not find node", "No node with given id", "does not belong to the document", "navigated", "context", "Promise was collected",
	}, func(text string) bool { return strings.Contains(err.Error(), text) })
}

// fail ends the test with an error and the text of the page.
func (p *page) fail(err error) {
	p.Helper()
	text, _ := chromedp.Run(p.tab, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText`))
	p.Fatalf("%v\n%s", err, text)
}

// visit opens a page by its fragment and waits until it has its heading and its data.
func (p *page) visit(fragment, heading string) {
	p.Helper()
	p.run(chromedp.Navigate(p.url + "/_atlasint/ui/#" + fragment))
	// The page before may have the same heading: the page changes in a task of its own, after that of the address.
	p.run(chromedp.Evaluate[chromedp.Void](`new Promise((resolve) => setTimeout(resolve))`, chromedp.EvalAwaitPromise))
	p.heading(heading)
	if seq, ok := strings.CutPrefix(fragment, "/journal/"); ok {
		p.wait(fmt.Sprintf(`document.querySelector("aside h2").textContent.startsWith("Request %s:")`, seq))
	}
}

// heading waits for the first heading of a page.
func (p *page) heading(text string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.querySelector("main h1")?.textContent.trim() === %q && !document.querySelector("[aria-busy=true], .loading")`, text))
}

// wait waits until an expression is true. It may read properties of elements that do not exist yet.
func (p *page) wait(expression string) {
	p.Helper()
	expression = `(() => { try { return ` + expression + `; } catch (error) { if (error instanceof TypeError) return false; throw error; } })()`
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(patience)))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !replaced(err) {
			p.fail(fmt.Errorf("%s: %w", expression, err))
		}
	}
}

// text waits until the page shows a text.
func (p *page) text(text string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.body.innerText.includes(%q)`, text))
}

// eval returns the value of an expression, or that of its promise.
func eval[T any](p *page, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.fail(err)
	}
	return value
}

// script runs an expression.
func (p *page) script(expression string) {
	p.Helper()
	p.run(chromedp.Evaluate[chromedp.Void](expression))
}

// button is the XPath of a visible button or link with an accessible name.
func button(name string) string {
	return fmt.Sprintf(`//*[self::button or self::a][@aria-label=%[1]q or (not(@aria-label) and normalize-space(.)=%[1]q)]`, name)
}

// field is the XPath of the control with a label.
func field(label string) string {
	return fmt.Sprintf(`//*[@id = //label[normalize-space(.)=%[1]q or normalize-space(.)=concat(%[1]q, " (optional)")]/@for]`, label)
}

func (p *page) click(name string) {
	p.Helper()
	p.run(chromedp.Click(button(name), chromedp.NodeVisible, chromedp.NodeEnabled))
}

// confirm clicks a button of the open dialog.
func (p *page) confirm(name string) {
	p.Helper()
	p.run(chromedp.Click(`//dialog[@open]`+button(name), chromedp.NodeVisible))
	p.wait(`!document.querySelector("dialog[open]")`)
}

func (p *page) fill(label, value string) {
	p.Helper()
	control := find(field(label))
	p.wait(`(() => { const control = ` + control + `; control.select(); return control.getClientRects().length > 0; })()`)
	p.run(chromedp.SendKeys(field(label), value))
	p.wait(fmt.Sprintf(`%s.value === %q`, control, value))
}

// find is the expression of the first element of an XPath.
func find(path string) string {
	return fmt.Sprintf(`document.evaluate(%q, document, null, XPathResult.FIRST_ORDERED_NODE_TYPE).singleNodeValue`, path)
}

// choose selects an option by its value.
func (p *page) choose(label, value string) {
	p.Helper()
	p.wait(fmt.Sprintf(`(() => {
		const select = %s;
		if (select.getClientRects().length === 0) return false;
		select.value = %q;
		for (const name of ["input", "change"]) select.dispatchEvent(new Event(name, {bubbles: true}));
		return true;
	})()`, find(field(label)), value))
}

// size sets the width of the tab in pixels and the color scheme, light or dark.
func (p *page) size(width int64, scheme string) {
	p.Helper()
	p.run(chromedp.EmulateViewport(width, 800), chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		return err
	}))
	if eval[string](p, `location.href`) != "about:blank" { // an empty tab has no size yet
		p.wait(fmt.Sprintf(`innerWidth === %d && matchMedia("(prefers-color-scheme: %s)").matches`, width, scheme))
	}
}
