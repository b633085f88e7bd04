package freemarker

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// runOracle returns the lines that .ci/freemarker/Oracle.java prints. make freemarker sets the class path.
func runOracle(t *testing.T, in io.Reader, arguments ...string) []string {
	t.Helper()
	classes := os.Getenv("FREEMARKER_CLASSPATH")
	if classes == "" {
		t.Skip("FREEMARKER_CLASSPATH is not set: run make freemarker")
	}
	cmd := exec.Command("java", append([]string{"-cp", classes, "Oracle"}, arguments...)...)
	cmd.Stdin, cmd.Stderr = in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// oracle returns FreeMarker's results for templates.
func oracle(t *testing.T, templates []string, arguments ...string) []string {
	t.Helper()
	var in bytes.Buffer
	for _, template := range templates {
		in.WriteString(base64.StdEncoding.EncodeToString([]byte(template)) + "\n")
	}
	lines := runOracle(t, &in, arguments...)
	if len(lines) != len(templates)+1 || lines[0] != "2.3.31" {
		t.Fatalf("%d results for %d templates; the first line, FreeMarker's version, is %q, want 2.3.31", len(lines)-1, len(templates), lines[0])
	}
	return lines[1:]
}

// TestOracleNames compares the names of built-ins, directives, special variables and settings.
func TestOracleNames(t *testing.T) {
	lines := runOracle(t, nil, "names")
	if diff := cmp.Diff(set(lines[0]), known(builtIns())); diff != "" {
		t.Errorf("built-ins, FreeMarker's and ours:\n%s", diff)
	}
	names := set("ftl")
	for name := range directives {
		names[name] = true
	}
	for name := range camelDirectives {
		names[name] = true
	}
	if diff := cmp.Diff(set(lines[1]), names); diff != "" {
		t.Errorf("directives, FreeMarker's and ours:\n%s", diff)
	}
	var templates []string
	for name := range known(specialVariables()) {
		templates = append(templates, "<#macro m>${."+name+"}</#macro>")
	}
	for name := range known(settings()) {
		templates = append(templates, "<#setting "+name+"=1>")
	}
	for i, result := range oracle(t, templates) {
		if result != "legal" {
			t.Errorf("%s: FreeMarker: %s", templates[i], result)
		}
	}
}

// known returns both spellings of all names.
func known(names map[string]string) map[string]bool {
	all := map[string]bool{}
	for name := range names {
		all[name] = true
	}
	return all
}

// TestOracleTable compares the table with FreeMarker: which templates are errors, and what the decided ones render to.
func TestOracleTable(t *testing.T) {
	rows := readTable(t)
	var templates []string
	for _, r := range rows {
		templates = append(templates, r.template)
	}
	rendered := 0
	for i, result := range oracle(t, templates, "render") {
		kind, encoded, _ := strings.Cut(result, " ")
		if !strings.HasPrefix(rows[i].verdict, kind) {
			t.Errorf("%s\nFreeMarker: %s\nthe table: %s", rows[i].template, kind, rows[i].verdict)
		}
		output, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if encoded != "" {
			rendered++
		}
		if rows[i].verdict == "legal text" && json.Valid(output) {
			t.Errorf("%s\nrenders to: %s\nthe table: %s", rows[i].template, output, rows[i].verdict)
		}
	}
	t.Logf("%d templates, %d of them rendered", len(templates), rendered)
}

// TestOracleMutations compares random changes of the table's templates. FREEMARKER_SEED chooses other ones.
func TestOracleMutations(t *testing.T) {
	rows := readTable(t)
	seed, err := strconv.ParseInt(os.Getenv("FREEMARKER_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	random := rand.New(rand.NewSource(seed))
	templates := make([]string, 30_000)
	for i := range templates {
		templates[i] = mutate(random, rows)
	}
	legal := 0
	for i, result := range oracle(t, templates) {
		got, _, _ := strings.Cut(verdict(templates[i]), " ")
		if got != result && !computes(templates[i]) {
			t.Errorf("%q\nFreeMarker: %s\nParse: %s", templates[i], result, verdict(templates[i]))
		}
		if result == "legal" {
			legal++
		}
	}
	if legal < len(templates)/10 || legal > len(templates)*9/10 {
		t.Errorf("%d of %d mutations are legal: they try too little", legal, len(templates))
	}
	t.Logf("%d mutations, %d of them legal", len(templates), legal)
}

// computes reports whether a template has a constant that Parse accepts unseen.
func computes(template string) bool {
	parsed, err := Parse(template)
	return err == nil && parsed.computed
}

var fragments = strings.Fields(`${ #{ } { [ ] ( ) < > <# </# /> -- <#-- --> --] [# ! !x ?? ? ?index ?upper_case ?map( x->x . .. ..< ... , ; : = == >= gt
	& && | lt &lt; + - * / % "x" 'y' r"z" "${x}" "\x41" 1 1.5 true in as using x y.z .now .args @ $ # \ \- é <@x> </@x> </@> <@x.y a=1/> <#if
	x> <#else> </#if> <#list xs as </#list> <#sep> <#items as <#break> <#macro m> </#macro> <#nested> <#return 1> <#ftl> [#ftl] [#if x] [/#if]
	<#assign x=1> <#assign x> </#assign> <#noparse> </#noparse> <#comment> </#comment> <#escape x as x> </#escape> <#t> <if> <sep> </#items>
	<#switch x> <#case 1> <#default> </#switch> <#attempt> <#recover> </#attempt> <#outputformat "HTML"> </#outputformat> ?esc ?html <#autoesc>`)

// mutate returns a template of the table with some changes.
func mutate(random *rand.Rand, rows []row) string {
	s := rows[random.Intn(len(rows))].template
	for n := 1 + random.Intn(3); n > 0; n-- {
		i := random.Intn(len(s) + 1)
		j := min(len(s), i+random.Intn(6))
		other := rows[random.Intn(len(rows))].template
		switch random.Intn(6) {
		case 0:
			s = s[:i] + s[j:]
		case 1:
			s = s[:j] + s[i:]
		case 2:
			s = s[:i] + other + s[i:]
		case 3:
			s = s[:i] + other[random.Intn(len(other)+1):]
		default:
			space := strings.Repeat(" ", random.Intn(2))
			s = s[:i] + fragments[random.Intn(len(fragments))] + space + s[j:]
		}
	}
	return strings.ToValidUTF8(s, "")
}
