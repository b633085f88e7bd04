package fakeatlas

import (
	"fmt"
	"net/http"
	"strings"
)

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

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

// links are the page itself and its neighbours. The page's own parameters come last, in the order in which
// Atlas writes them.
func (p paging) links(r *http.Request, base string, previous, next bool) []link {
	href := func(own string) string { return base + r.URL.EscapedPath() + "?" + queryWith(r.URL.RawQuery, own) }
	list := []link{{href(fmt.Sprintf("pageNum=%d&itemsPerPage=%d", p.pageNum, p.itemsPerPage)), "self"}}
	if previous {
		list = append(list, link{href(fmt.Sprintf("itemsPerPage=%d&pageNum=%d", p.itemsPerPage, p.pageNum-1)), "previous"})
	}
	if next {
		list = append(list, link{href(fmt.Sprintf("itemsPerPage=%d&pageNum=%d", p.itemsPerPage, p.pageNum+1)), "next"})
	}
	return list
}

// queryWith returns a query with other parameters of the page.
func queryWith(query, own string) string {
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if part != "" && name != "pageNum" && name != "itemsPerPage" {
			kept = append(kept, part)
		}
	}
	return strings.Join(append(kept, own), "&")
}

// baseOf returns the scheme and host of a request.
func baseOf(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// list returns the answer with one page of a list of n results. Results are those of the page.
func (p paging) list(r *http.Request, base string, n int, results []object, envelope bool) object {
	_, last := p.span(n)
	o := object{{"links", p.links(r, base, p.pageNum > 1, last < n)}, {"results", results}}
	if envelope {
		o = append(o, member{"status", http.StatusOK})
	}
	if p.includeCount {
		o = append(o, member{"totalCount", n})
	}
	return o
}
