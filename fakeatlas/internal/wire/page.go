package wire

import (
	"fmt"
	"net/http"
	"strings"
)

// Paging is what a request wants to see of a list.
type Paging struct {
	includeCount          bool
	itemsPerPage, pageNum int
}

func (p Paging) Check() *Error {
	if p.itemsPerPage < 1 || p.itemsPerPage > 500 {
		return NewError("INVALID_QUERY_PARAMETER", "itemsPerPage")
	}
	if p.pageNum < 1 {
		return NewError("INVALID_QUERY_PARAMETER", "pageNum")
	}
	return nil
}

// Span is the part of a list of n that is on the page: nothing, past its end. The first place of a page far
// enough out is no int any more, so that it must not be reckoned.
func (p Paging) Span(n int) (first, last int) {
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
func (p Paging) links(r *http.Request, base string, previous, next bool) []link {
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

// BaseURL returns the scheme and host of a request.
func BaseURL(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// List returns the answer with one page of a list of n results. Results are those of the page.
func (p Paging) List(r *http.Request, base string, n int, results []Object, envelope bool) Object {
	_, last := p.Span(n)
	o := Object{{"links", p.links(r, base, p.pageNum > 1, last < n)}, {"results", results}}
	if envelope {
		o = append(o, Member{"status", http.StatusOK})
	}
	if p.includeCount {
		o = append(o, Member{"totalCount", n})
	}
	return o
}

func ValueOr[T any](p *T, fallback T) T {
	if p == nil {
		return fallback
	}
	return *p
}

// NewPaging reads the parameters of a list; the fallbacks are those of the API.
func NewPaging(includeCount *bool, itemsPerPage, pageNum *int) Paging {
	return Paging{ValueOr(includeCount, true), ValueOr(itemsPerPage, 100), ValueOr(pageNum, 1)}
}
