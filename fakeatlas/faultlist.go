package fakeatlas

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
)

// faults are the active faults. The zero value is ready for use, and safe for concurrent use.
type faults struct {
	mu     sync.Mutex
	last   int
	active []*activeFault
}

type activeFault struct {
	Fault
	chance *rand.Rand
}

// add adds a fault and returns its ID. It reports false if maxFaults are active.
func (fs *faults) add(f Fault) (id string, ok bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if len(fs.active) >= maxFaults {
		return "", false
	}
	fs.last++
	f.ID = strconv.Itoa(fs.last)
	f.Header = maps.Clone(f.Header)
	fs.active = append(fs.active, &activeFault{f, rand.New(rand.NewPCG(f.Seed, f.Seed))})
	// Something that lasts must not hide what is meant for the next request.
	slices.SortStableFunc(fs.active, func(a, b *activeFault) int { return isPermanent(a) - isPermanent(b) })
	return f.ID, true
}

func isPermanent(f *activeFault) int {
	if f.Times == 0 {
		return 1
	}
	return 0
}

func (fs *faults) list() []Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	list := make([]Fault, 0, len(fs.active))
	for _, f := range fs.active {
		c := f.Fault
		c.Header = maps.Clone(c.Header)
		list = append(list, c)
	}
	return list
}

func (fs *faults) remove(id string) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	before := len(fs.active)
	fs.active = slices.DeleteFunc(fs.active, func(f *activeFault) bool { return f.ID == id })
	return len(fs.active) < before
}

func (fs *faults) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = nil
}

// take returns the fault that applies to a request, and counts it as used once.
func (fs *faults) take(r *http.Request, t wire.Target) (Fault, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for i, f := range fs.active {
		if !f.matches(r, t) || f.Probability > 0 && f.chance.Float64() >= f.Probability {
			continue
		}
		if f.Times == 1 {
			fs.active = slices.Delete(fs.active, i, i+1)
		} else if f.Times > 1 {
			f.Times--
		}
		return f.Fault, true
	}
	return Fault{}, false
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
