package wire

import (
	"fmt"
	"net/http"
	"strings"
)

// Paging is the page of a list that a request selects.
type Paging struct {
	includeCount          bool
	itemsPerPage, pageNum int
}

// Check returns the rejection of parameters that are out of range, nil if they are valid.
func (p Paging) Check() *Error {
	if p.itemsPerPage < 1 || p.itemsPerPage > 500 {
		return NewError("INVALID_QUERY_PARAMETER", "itemsPerPage")
	}
	if p.pageNum < 1 {
		return NewError("INVALID_QUERY_PARAMETER", "pageNum")
	}
	return nil
}

// Span returns the part of a list of n that is on the page: an empty one beyond the end. It avoids the product of
// the parameters, which may overflow.
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

// links returns the links of the page and its neighbors. The parameters of the page come last, in Atlas's order.
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

// List returns the response with one page of a list of n results. Results are those of the page.
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

// ValueOr returns the value that p points to, or the fallback if p is nil.
func ValueOr[T any](p *T, fallback T) T {
	if p == nil {
		return fallback
	}
	return *p
}

// NewPaging returns the page of the query parameters, nil for those with the default of the API.
func NewPaging(includeCount *bool, itemsPerPage, pageNum *int) Paging {
	return Paging{ValueOr(includeCount, true), ValueOr(itemsPerPage, 100), ValueOr(pageNum, 1)}
}
