package freemarker

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the verdicts of testdata/templates.txt; make freemarker compares them with FreeMarker")

const tableFile = "testdata/templates.txt"

// row is an entry of the table: a line "=== verdict", and the template below it. The verdict is "error", the offset
// and the reason, or "legal" and what the template renders to: "json", "text" or "undecided".
type row struct{ verdict, template string }

func readTable(t testing.TB) []row {
	t.Helper()
	data, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	text := "\n" + strings.TrimSuffix(string(data), "\n")
	var rows []row
	for _, entry := range strings.Split(text, "\n=== ")[1:] {
		verdict, template, _ := strings.Cut(entry, "\n")
		rows = append(rows, row{verdict, template})
	}
	return rows
}

// verdict returns what the table has for a template.
func verdict(template string) string {
	parsed, err := Parse(template)
	if e := (*Error)(nil); errors.As(err, &e) {
		return fmt.Sprintf("error %d %s", e.Offset, e.Reason)
	}
	sample, decided := parsed.Sample()
	switch {
	case !decided:
		return "legal undecided"
	case json.Valid([]byte(sample)):
		return "legal json"
	}
	return "legal text"
}

func TestTemplates(t *testing.T) {
	rows := readTable(t)
	if len(rows) < 500 {
		t.Fatalf("%s has %d templates", tableFile, len(rows))
	}
	var rewritten strings.Builder
	for _, r := range rows {
		got := verdict(r.template)
		if got != r.verdict && !*update {
			t.Errorf("%s\n got: %s\nwant: %s", r.template, got, r.verdict)
		}
		fmt.Fprintf(&rewritten, "=== %s\n%s\n", got, r.template)
	}
	if *update {
		if err := os.WriteFile(tableFile, []byte(rewritten.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSample(t *testing.T) {
	for template, want := range map[string]string{
		`{"a":"${id}","n":${count!0}}`:                           `{"a":"1","n":1}`,
		`{"n":#{count; m2}}`:                                     `{"n":1}`,
		`{"a":"${"$"}{id}","b":"${r"${id}"}"}`:                   `{"a":"${id}","b":"${id}"}`,
		`{"a":"${"x${y}"}"}`:                                     `{"a":"1"}`,
		`<#-- c --><#noparse>${x}</#noparse>`:                    `${x}`,
		`<#assign a = 1><#assign b>x${y}</#assign>z`:             `z`,
		`<#macro m><#if x>y</#if></#macro>z`:                     `z`,
		`<#escape x as x?html>${"<"}</#escape>`:                  `1`,
		`<#outputformat "HTML">${"<"}</#outputformat>`:           `1`,
		`<#ftl strip_text=true>a${x}<#escape x as x>b</#escape>`: `1b`,
		`[#ftl][#-- c --]<#if>`:                                  `<#if>`,
	} {
		parsed, err := Parse(template)
		if err != nil {
			t.Errorf("%s: %v", template, err)
			continue
		}
		if got, decided := parsed.Sample(); got != want || !decided {
			t.Errorf("%s: Sample() = %q, %v, want %q", template, got, decided, want)
		}
	}
}

func TestErrorText(t *testing.T) {
	_, err := Parse(`{"a":"${id"}`)
	if got, want := fmt.Sprint(err), "a string is not closed (at byte 10)"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

// TestDeepNesting checks what could end in a stack overflow. FreeMarker itself gives up at 700 to 2,200 levels.
func TestDeepNesting(t *testing.T) {
	repeat := func(n int, before, middle, after string) string {
		return strings.Repeat(before, n) + middle + strings.Repeat(after, n)
	}
	for name, nest := range map[string]func(n int) string{
		"parentheses":  func(n int) string { return "${" + repeat(n, "(", "x", ")") + "}" },
		"lists":        func(n int) string { return "${x" + repeat(n, "[", "1", "]") + "}" },
		"hashes":       func(n int) string { return "${x!" + repeat(n, `{"a":`, "1", "}") + "}" },
		"calls":        func(n int) string { return "${" + repeat(n, "f(", "x", ")") + "}" },
		"defaults":     func(n int) string { return "${" + strings.Repeat("x!", n) + "x}" },
		"lambdas":      func(n int) string { return "${" + repeat(n, "x?map(y->", "y", ")") + "}" },
		"directives":   func(n int) string { return repeat(n, "<#if x>", "y", "</#if>") },
		"calls with @": func(n int) string { return repeat(n, "<@x>", "y", "</@x>") },
	} {
		if _, err := Parse(nest(700)); err != nil {
			t.Errorf("%s, 700 levels: %v", name, err)
		}
		if got := verdict(nest(100_000)); !strings.HasSuffix(got, "nested too deeply") {
			t.Errorf("%s, 100,000 levels: %s", name, got)
		}
	}
}

// The test counts tokens, not time: no template makes the parser try the same tokens again and again.
func TestParserTriesEachTokenAFewTimes(t *testing.T) {
	for name, template := range map[string]string{
		"trials in parentheses": "${" + strings.Repeat("x!(", 300) + strings.Repeat(")", 300) + "}",
		"trials that fail":      "${" + strings.Repeat("x!(", 300) + "}",
		"trials of ranges":      "${" + strings.Repeat("x..(x!(", 150) + "}",
		"trials in a list":      "${[" + strings.Repeat("x!(y z),", 10_000) + "x]}",
	} {
		p := newParser(template)
		p.root()
		if p.trials == 0 || p.trials > 4*len(template) {
			t.Errorf("%s: %d trials for %d bytes", name, p.trials, len(template))
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, r := range readTable(f) {
		f.Add(r.template)
	}
	f.Fuzz(func(t *testing.T, template string) {
		const secret = "SECRETcanary"
		parsed, err := Parse(template)
		e := (*Error)(nil)
		switch {
		case err == nil:
			parsed.Sample()
			if !strings.ContainsAny(template, "<$#[") {
				if got, decided := parsed.Sample(); got != template || !decided {
					t.Errorf("Sample() of text = %q, %v", got, decided)
				}
			}
		case !errors.As(err, &e):
			t.Fatalf("error of type %T", err)
		case e.Offset < 0 || e.Offset > len(template):
			t.Errorf("offset %d of %d bytes", e.Offset, len(template))
		case strings.Contains(e.Reason, secret):
			t.Errorf("the reason quotes the template")
		}
	})
}

// TestReasonsHideTheTemplate puts a secret in place of each name of each template.
func TestReasonsHideTheTemplate(t *testing.T) {
	const secret = "s3cretCanary"
	for _, r := range readTable(t) {
		for i := 0; i < len(r.template); i++ {
			for _, template := range []string{r.template[:i] + secret + r.template[i:], r.template[:i] + "SeCrEt" + r.template[i+1:]} {
				got := verdict(template)
				for _, part := range []string{"s3cret", "secret"} {
					if strings.Contains(strings.ToLower(got), part) {
						t.Fatalf("%s: %s", template, got)
					}
				}
			}
		}
	}
}
