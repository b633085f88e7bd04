package reference

import (
	"slices"
	"strings"
)

// operationPair is an operation that one or both versions of the integrations API have.
type operationPair struct {
	Method, Path string // without the API version
	V2, V1       *operation
}

// OperationPairs returns the operations of both versions of the integrations API, those of v2 first.
func (s *site) OperationPairs() (pairs []operationPair) {
	for _, d := range s.versions() {
		for _, op := range d.Operations() {
			path := strings.Replace(op.Path, "/"+d.Name+"/", "/{version}/", 1)
			i := slices.IndexFunc(pairs, func(p operationPair) bool { return p.Method == op.Method && p.Path == path })
			if i < 0 {
				pairs, i = append(pairs, operationPair{Method: op.Method, Path: path}), len(pairs)
			}
			if d.Name == "v1.0" {
				pairs[i].V1 = &op
			} else {
				pairs[i].V2 = &op
			}
		}
	}
	return pairs
}

// Statuses returns the statuses of an operation that the other API version does not have.
func (p operationPair) Statuses() (only2, only1 []string) {
	statuses := func(op *operation) (all []string) {
		if op != nil {
			for _, r := range op.Responses {
				all = append(all, r.Status)
			}
		}
		return all
	}
	without := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
	}
	v2, v1 := statuses(p.V2), statuses(p.V1)
	return without(v2, v1), without(v1, v2)
}

// Cells returns the two cells of the operation in the comparison.
func (p operationPair) Cells() []pairCell {
	only2, only1 := p.Statuses()
	return []pairCell{{p.V2, "v2.html", only2}, {p.V1, "v1.html", only1}}
}

// pairCell is an operation in one API version, nil if the version has none.
type pairCell struct {
	Operation *operation
	File      string
	Statuses  []string // only this API version has them
}

// Accepts returns the media types that operations of the document require in Accept, without repetitions.
func (d *document) Accepts() (all []string) {
	for _, op := range d.Operations() {
		if !slices.Contains(all, op.Request.Accept) {
			all = append(all, op.Request.Accept)
		}
	}
	return all
}
