package fakectl

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/logtext"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
	"github.com/atlasint/atlasint/internal/words"
)

// requests is the response of GET requests.
type requests struct {
	Requests *[]request
	Count    int
}

// request has the fields of a request that are printed.
type request struct {
	Seq            int
	Method, Path   string
	Query          string
	Status         int
	ErrorCode      string
	Fault, Stub    string
	FaultEffect    string
	Fallback       bool
	Challenge      bool
	Body, Response any
}

// filter selects requests.
type filter struct {
	method, path    string
	statuses        []string
	projects, types []string
	since           uint64
	bodies          bool
}

func (f *filter) register(cmd *cobra.Command) {
	p := cmd.Flags()
	p.StringVar(&f.method, "method", "", "only requests with this method, such as PUT")
	p.StringVar(&f.path, "path", "", `only requests to this path; "*" matches any text, including slashes`)
	p.StringArrayVar(&f.statuses, "status", nil, "only this status, such as 404, or this class, such as 4xx; repeat it for more")
	p.StringArrayVar(&f.projects, "project", nil, "only requests to this project; repeat it for more")
	p.StringArrayVar(&f.types, "type", nil, "only this integration type, such as DATADOG; repeat it for more")
	p.Uint64Var(&f.since, "since", 0, "only requests with a higher sequence number")
	p.BoolVar(&f.bodies, "bodies", false, "print the bodies of requests and responses, secrets masked")
	completeTypes(cmd)
}

func (f *filter) query() url.Values {
	query := url.Values{}
	for name, values := range map[string][]string{"method": {f.method}, "path": {f.path}, "status": f.statuses,
		"project": f.projects, "type": f.types} {
		for _, value := range values {
			if value != "" {
				query.Add(name, value)
			}
		}
	}
	if f.since > 0 {
		query.Set("since", strconv.FormatUint(f.since, 10))
	}
	return query
}

// statusForm matches a status of the journal, 0 for a closed connection, or a class of statuses.
var statusForm = regexp.MustCompile(`^(0|[1-5]\d\d|[1-5]xx)$`)

// check sets the names of the types. It returns an error for a value that no request has. The error names the flag,
// where an error of the control API names the parameter of the query.
func (f *filter) check() error {
	if err := checkMethod(f.method); err != nil {
		return err
	}
	if p := f.path; p != "" && p[0] != '/' && p[0] != '*' {
		return problem.Inputf(`--path must begin with "/" or "*"; write */integrations/DATADOG or the whole path, /api/atlas/v2/...`)
	}
	if err := checkProjects(f.projects); err != nil {
		return err
	}
	for i, name := range f.types {
		var err error
		if f.types[i], err = typeNamed(name); err != nil {
			return err
		}
	}
	for _, text := range f.statuses {
		if !statusForm.MatchString(text) {
			return problem.Inputf("--status: %s is neither a status nor a class of statuses; write 404, 4xx, or 0 for a closed connection",
				redact.Value(text))
		}
	}
	return nil
}

// checkMethod returns an error for a method, in any case, that no request of the journal has. It accepts "".
func checkMethod(text string) error {
	method := strings.ToUpper(text)
	if method == "" || logtext.Method(method) == method {
		return nil
	}
	return problem.Inputf("--method: %s is not a method of HTTP; %s", redact.Value(text),
		suggest.Hint(method, logtext.Methods(), "write one such as PUT"))
}

// typeNamed returns the name of the integration type that the value of --type means.
func typeNamed(text string) (string, error) {
	name, names := atlas.TypeName(text), atlas.TypeNames()
	if slices.Contains(names, name) {
		return name, nil
	}
	return "", problem.Inputf("--type: %s is not an integration type; %s", redact.Value(text),
		suggest.Hint(name, names, "atlasint types lists them"))
}

// completeTypes completes the values of --type.
func completeTypes(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("type", cobra.FixedCompletions(atlas.TypeNames(), cobra.ShellCompDirectiveNoFileComp))
}

// checkProjects returns an error for a value of --project that is not a project ID.
func checkProjects(ids []string) error {
	for _, id := range ids {
		if !atlas.IsID(id) {
			return problem.Inputf("--project: %s is not a project ID; it has %s", redact.Value(id), atlas.IDForm)
		}
	}
	return nil
}

func newRequests(f *flags) *cobra.Command {
	var selected filter
	limit := 0
	cmd := &cobra.Command{
		Use:   "requests",
		Short: "List the requests in the journal",
		Long: `Prints the newest requests to the API, the oldest first: sequence number, method, status, path, and error
code, fault with its effect, stub and fallback if there are any. A challenge is the response to the first
request of a digest client, which has no credentials. Paths are without /api/atlas/. Unknown parts read
"(hidden)": they may be secrets. Filters match hidden parts of paths, too.`,
		Example: `  atlasint fake requests --method PUT --bodies
  atlasint fake requests --status 4xx --status 5xx --limit 0`,
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return problem.Inputf("--limit must not be negative, got %d", limit)
			}
			if err := selected.check(); err != nil {
				return err
			}
			query := selected.query()
			if limit > 0 {
				query.Set("limit", strconv.Itoa(limit))
			}
			return show(f, cmd, call{method: http.MethodGet, path: "requests", query: query, member: "requests"}, selected.text)
		},
	}
	selected.register(cmd)
	cmd.Flags().IntVar(&limit, "limit", 20, "print at most this many requests; 0 prints all")
	return cmd
}

// text returns requests as a table, with notes and bodies below their rows.
func (f *filter) text(response requests) string {
	if response.Requests == nil || len(*response.Requests) == 0 {
		return "no matching requests\n"
	}
	rows := [][]string{{"SEQ", "METHOD", "STATUS", "PATH"}}
	for _, r := range *response.Requests {
		rows = append(rows, []string{strconv.Itoa(r.Seq), r.Method, strconv.Itoa(r.Status), r.target()})
	}
	var out strings.Builder
	for i, line := range strings.SplitAfter(table(rows...), "\n") {
		out.WriteString(line)
		if i > 0 && i < len(rows) {
			out.WriteString((*response.Requests)[i-1].notes(f.bodies))
		}
	}
	if shown := len(*response.Requests); shown < response.Count {
		fmt.Fprintf(&out, "the newest %d of %s\n", shown, words.Quantity(response.Count, "request"))
	}
	return out.String()
}

// target returns the path without the part that all have, and the query.
func (r request) target() string {
	path := strings.TrimPrefix(r.Path, "/api/atlas/")
	if r.Query != "" {
		path += "?" + r.Query
	}
	return path
}

// notes returns the lines below the row of a request.
func (r request) notes(bodies bool) string {
	var parts []string
	switch {
	case r.Challenge: // the error code is that of any 401
		parts = append(parts, "challenge")
	case r.ErrorCode != "":
		parts = append(parts, safe(r.ErrorCode))
	}
	if r.Fault != "" {
		part := "fault " + safe(r.Fault)
		if r.FaultEffect != "" {
			part += ": " + safe(r.FaultEffect)
		}
		parts = append(parts, part)
	}
	if r.Stub != "" {
		parts = append(parts, "stub "+safe(r.Stub))
	}
	if r.Fallback {
		parts = append(parts, "fallback")
	}
	out := ""
	if len(parts) > 0 {
		out = "     " + strings.Join(parts, ", ") + "\n"
	}
	for _, body := range []struct {
		name  string
		value any
	}{{"request  ", r.Body}, {"response ", r.Response}} {
		if bodies && body.value != nil {
			out += "     " + body.name + safe(compact(body.value)) + "\n"
		}
	}
	return out
}
