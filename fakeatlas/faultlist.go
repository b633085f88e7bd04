package fakeatlas

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/events"
	"github.com/atlasint/atlasint/fakeatlas/internal/faults"
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// newFaults returns an empty list of faults.
func (s *Server) newFaults() *faults.List[Fault] {
	return &faults.List[Fault]{Max: maxFaults, Changed: func() { s.events.Changed(events.Faults) }, Use: func(f *Fault) faults.Use {
		return faults.Use{ID: &f.ID, Times: &f.Times, Applied: &f.Applied, Probability: f.Probability, Seed: f.Seed}
	}}
}

// Faults returns the active faults, in the order in which they are tried. Times is the number of requests that will
// still fail.
func (s *Server) Faults() []Fault {
	list := s.faults.All()
	for i := range list {
		list[i].Header = maps.Clone(list[i].Header)
	}
	return list
}

func (f *Fault) matches(r *http.Request, t wire.Target) bool {
	if f.Path == "" && t.APIVersion == "" {
		return false
	}
	for name, value := range f.Header {
		if !slices.Contains(r.Header.Values(name), value) {
			return false
		}
	}
	return (f.Method == "" || strings.EqualFold(f.Method, r.Method)) &&
		(f.Path == "" || wire.MatchPath(f.Path, r.URL.Path)) &&
		(f.Project == "" || f.Project == t.Project) &&
		(f.Type == "" || f.Type == t.Type)
}
