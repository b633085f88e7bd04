package jsonpos

import "strconv"

// Duplicate is a member whose name an earlier member of the same object has.
type Duplicate struct {
	Name    string // decoded
	Pointer string // JSON Pointer (RFC 6901) of the member

	First              int // byte offset of the name of the first occurrence
	NameStart, NameEnd int // byte offsets of this occurrence's name, quotes included
}

const (
	// fewMembers is the size up to which comparing all names is cheaper than
	// building a map.
	fewMembers = 16

	// Pointers repeat the names they lead through. Without a limit a long
	// name around many duplicates would need memory that grows with the
	// square of the input. The pointers of payloads are far shorter.
	pointerBytesPerByte = 64
	pointerBytesAtLeast = 1 << 20
)

// duplicates returns the duplicate names below root in the order they appear. It
// uses buffer for the path to the current value and restores it.
func duplicates(root *Value, buffer *[MaxDepth]pathStep) []Duplicate {
	f := finder{
		path:   buffer[:0],
		budget: pointerBytesAtLeast + pointerBytesPerByte*(root.End-root.Start),
	}
	f.value(root)
	return f.found
}

// finder walks over a value and records the path to the current value.
type finder struct {
	path   []pathStep
	found  []Duplicate
	budget int // bytes that further pointers may have
}

// pathStep is the step from an object to a member or from an array to an element.
type pathStep struct {
	name  string
	index int // -1 in an object
}

func (f *finder) value(v *Value) {
	for i := range v.Elements {
		f.child(pathStep{index: i}, &v.Elements[i])
	}
	if len(v.Members) > 0 {
		f.object(v.Members)
	}
}

func (f *finder) child(s pathStep, v *Value) {
	if v.Members == nil && v.Elements == nil {
		return
	}
	f.path = append(f.path, s)
	f.value(v)
	last := len(f.path) - 1
	f.path[last] = pathStep{}
	f.path = f.path[:last]
}

func (f *finder) object(members []Member) {
	seen := newSeen(len(members))
	for i := range members {
		m := &members[i]
		if j := first(members, i, seen); j < i {
			f.add(m, members[j].NameStart)
		}
		f.child(pathStep{m.Name, -1}, &m.Value)
	}
}

// newSeen returns the map that first updates for an object with n members, from a name to its first member; nil for few
// members.
func newSeen(n int) map[string]int {
	if n <= fewMembers {
		return nil
	}
	return make(map[string]int, n)
}

// first returns the index of the first member that has the name of member i. Call
// it for each i in order. It updates seen unless that is nil.
func first(members []Member, i int, seen map[string]int) int {
	name := members[i].Name
	if seen == nil {
		j := 0
		for members[j].Name != name {
			j++
		}
		return j
	}
	j, ok := seen[name]
	if !ok {
		j = i
		seen[name] = i
	}
	return j
}

func (f *finder) add(m *Member, first int) {
	size := 0
	for _, s := range f.path {
		size += len(s.name) + 1
	}
	f.budget -= size + len(m.Name)
	if f.budget < 0 {
		return
	}
	f.found = append(f.found, Duplicate{
		Name:      m.Name,
		Pointer:   f.pointer(m.Name),
		First:     first,
		NameStart: m.NameStart,
		NameEnd:   m.NameEnd,
	})
}

func (f *finder) pointer(name string) string {
	tokens := make([]string, 0, len(f.path)+1)
	for _, s := range f.path {
		if s.index >= 0 {
			s.name = strconv.Itoa(s.index)
		}
		tokens = append(tokens, s.name)
	}
	return Pointer(append(tokens, name)...)
}
