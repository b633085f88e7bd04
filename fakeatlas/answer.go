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
	"github.com/atlasint/atlasint/internal/atlas"
)

// typeInfo is a type with its fields in the order of answers.
type typeInfo struct {
	*atlas.Type
	sorted []*atlas.Field
}

// infos are the types by API version and name. They are made when a server first needs them, since the command
// that links this package may serve nothing.
var infos = sync.OnceValue(func() map[string]map[string]*typeInfo {
	all := map[string]map[string]*typeInfo{}
	for _, version := range []string{schemas.V1, schemas.V2} {
		all[version] = map[string]*typeInfo{}
		for _, t := range atlas.Types(version) {
			info := &typeInfo{Type: t}
			for i := range t.Fields {
				info.sorted = append(info.sorted, t.Payload.Lookup(t.Fields[i].Name))
			}
			// Atlas writes the members by name, and the type last.
			slices.SortFunc(info.sorted, func(a, b *atlas.Field) int {
				return cmp.Or(cmp.Compare(len(a.Const), len(b.Const)), cmp.Compare(a.Name, b.Name))
			})
			all[version][t.Name] = info
		}
	}
	return all
})

// info is the type that the path names.
func (c *call) info() *typeInfo { return infos()[c.generation][c.typ] }

// view is an integration as one API version shows it: its own fields only, secrets masked, and unset fields by
// their default, as null or left out.
func view(generation string, in store.Integration) object {
	fields := infos()[generation][in.Type].sorted
	o := make(object, 0, len(fields))
	for _, f := range fields {
		value, set := in.Fields[f.Name]
		switch {
		case f.Const != "":
			o = append(o, member{"type", in.Type})
		case f.Name == "id":
			o = append(o, member{"id", in.ID})
		case f.Secret == schemas.MaskOmitted:
		case set && value != nil:
			o = append(o, member{f.Name, f.Shown(value)})
		case f.Unset == `""`:
			o = append(o, member{f.Name, ""})
		case set, f.Unset == "null", f.Required && f.Nullable: // the other API version may not require it
			o = append(o, member{f.Name, nil})
		case f.Default != nil:
			o = append(o, member{f.Name, f.Default})
		}
	}
	return o
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
	known := infos()[c.generation]
	list = slices.DeleteFunc(list, func(in store.Integration) bool { return known[in.Type] == nil })
	slices.SortFunc(list, func(a, b store.Integration) int { return cmp.Compare(known[a.Type].Rank, known[b.Type].Rank) })
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
