package fakeatlas

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/mask"
)

// typesOf are the types of a generation by name, with their place in lists.
func typesOf(generation string) map[string]typeInfo { return typeTables()[generation] }

// typeTables are made when a server first needs them, since the command that links this package may serve
// nothing.
var typeTables = sync.OnceValue(func() map[string]map[string]typeInfo {
	all := map[string]map[string]typeInfo{schemas.V1: {}, schemas.V2: {}}
	for i := range schemas.Types {
		t := &schemas.Types[i]
		info := typeInfo{Type: t, rank: i}
		info.sorted = slices.Clone(t.Fields)
		// Atlas writes the members by name, and the type last.
		slices.SortFunc(info.sorted, func(a, b schemas.Field) int {
			return cmp.Or(cmp.Compare(len(a.Const), len(b.Const)), cmp.Compare(a.Name, b.Name))
		})
		all[t.Generation][t.Name] = info
	}
	return all
})

type typeInfo struct {
	*schemas.Type
	rank   int
	sorted []schemas.Field
}

// view is an integration as one generation shows it: its own fields only, secrets masked, and what is unset
// by default, null or left out.
func view(generation string, in store.Integration) object {
	fields := typesOf(generation)[in.Type].sorted
	o := make(object, 0, len(fields))
	for i := range fields {
		f := &fields[i]
		value, set := in.Fields[f.Name]
		switch {
		case f.Const != "":
			o = append(o, member{"type", in.Type})
		case f.Name == "id":
			o = append(o, member{"id", in.ID})
		case f.Secret == schemas.MaskOmitted:
		case set && value != nil:
			o = append(o, member{f.Name, shown(f, value)})
		case f.Unset == `""`:
			o = append(o, member{f.Name, ""})
		case set, f.Unset == "null", f.Required && f.Nullable: // the other generation may not ask for it
			o = append(o, member{f.Name, nil})
		case f.Default != "":
			o = append(o, member{f.Name, defaultOf(f)})
		}
	}
	return o
}

func defaultOf(f *schemas.Field) any {
	if f.Kind == "boolean" {
		return f.Default == "true"
	}
	return f.Default
}

func shown(f *schemas.Field, value any) any {
	text, isText := value.(string)
	if f.Secret == "" || !isText {
		return value
	}
	return mask.Text(f.Secret, text)
}

// paging is what a request wants to see of a list.
type paging struct {
	includeCount          bool
	itemsPerPage, pageNum int
}

func (p paging) check() *apiError {
	if p.itemsPerPage < 1 || p.itemsPerPage > 500 {
		return refuse("INVALID_QUERY_PARAMETER", "itemsPerPage")
	}
	if p.pageNum < 1 {
		return refuse("INVALID_QUERY_PARAMETER", "pageNum")
	}
	return nil
}

// span is the part of a list of n that is on the page: nothing, past its end. The first place of a page far
// enough out is no int any more, so that it must not be reckoned.
func (p paging) span(n int) (first, last int) {
	if p.pageNum-1 > n/p.itemsPerPage {
		return n, n
	}
	first = min((p.pageNum-1)*p.itemsPerPage, n)
	return first, min(first+p.itemsPerPage, n)
}

// page is one page of a project's integrations, in the order of the generation's types. Types that the
// generation does not have are neither shown nor counted.
func (c *call) page(list []store.Integration) object {
	known := typesOf(c.generation)
	list = slices.DeleteFunc(list, func(in store.Integration) bool { return known[in.Type].Type == nil })
	slices.SortFunc(list, func(a, b store.Integration) int { return cmp.Compare(known[a.Type].rank, known[b.Type].rank) })
	first, last := c.paging.span(len(list))
	results := make([]object, 0, last-first)
	for _, in := range list[first:last] {
		results = append(results, view(c.generation, in))
	}
	o := object{{"links", c.links(c.paging.pageNum > 1, last < len(list))}, {"results", results}}
	if c.envelope {
		o = append(o, member{"status", http.StatusOK})
	}
	if c.paging.includeCount {
		o = append(o, member{"totalCount", len(list)})
	}
	return o
}

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

// links are the page itself and its neighbours. The page's own parameters come last, in the order in which
// Atlas writes them.
func (c *call) links(previous, next bool) []link {
	p := c.paging
	list := []link{{c.href(fmt.Sprintf("pageNum=%d&itemsPerPage=%d", p.pageNum, p.itemsPerPage)), "self"}}
	if previous {
		list = append(list, link{c.href(fmt.Sprintf("itemsPerPage=%d&pageNum=%d", p.itemsPerPage, p.pageNum-1)), "previous"})
	}
	if next {
		list = append(list, link{c.href(fmt.Sprintf("itemsPerPage=%d&pageNum=%d", p.itemsPerPage, p.pageNum+1)), "next"})
	}
	return list
}

func (c *call) href(own string) string {
	var kept []string
	for part := range strings.SplitSeq(c.r.URL.RawQuery, "&") {
		name, _, _ := strings.Cut(part, "=")
		if part != "" && name != "pageNum" && name != "itemsPerPage" {
			kept = append(kept, part)
		}
	}
	return c.base() + c.r.URL.EscapedPath() + "?" + strings.Join(append(kept, own), "&")
}

func (c *call) base() string {
	if c.s.config.baseURL != "" {
		return strings.TrimSuffix(c.s.config.baseURL, "/")
	}
	if c.r.TLS != nil {
		return "https://" + c.r.Host
	}
	return "http://" + c.r.Host
}
