package schema

import (
	"maps"
	"slices"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// union is a oneOf whose branches exclude each other, so that a value is surely valid if one branch accepts it:
// either each branch requires another value of one property, the tag, or the branches are of different kinds.
type union struct {
	tag    string           // "" if the kinds decide
	byTag  map[string]*node // the branch for each value of the tag
	byKind []*node
}

// newUnion returns nil if the branches don't exclude each other.
func newUnion(branches []*node) *union {
	if u := unionOfKinds(branches); u != nil {
		return u
	}
	for _, name := range candidateTags(branches) {
		if byTag := tagged(branches, name); byTag != nil {
			return &union{tag: name, byTag: byTag}
		}
	}
	return nil
}

// candidateTags returns the properties of the first branch, in the order of the schema.
func candidateTags(branches []*node) []string {
	if len(branches) == 0 {
		return nil
	}
	properties := branches[0].deref().properties
	return slices.SortedFunc(maps.Keys(properties), func(a, b string) int {
		return properties[a].number - properties[b].number
	})
}

// deref follows a branch that is only a reference.
func (n *node) deref() *node {
	if len(n.properties) == 0 && len(n.all) == 1 {
		return n.all[0]
	}
	return n
}

// tagged returns the branches by the only text that each allows for the named property, nil if one of them allows
// other values or does not require the property, or if two allow the same.
func tagged(branches []*node, name string) map[string]*node {
	byTag := map[string]*node{}
	for _, b := range branches {
		object := b.deref()
		p := object.properties[name]
		if p == nil || p.node == nil {
			return nil
		}
		value := p.node.singleValue()
		if value == nil || value.Kind != jsonpos.String || byTag[value.Text] != nil {
			return nil
		}
		if object.kinds != kindOf(jsonpos.Object) || object.required[p.number/64%4]&(1<<(p.number%64)) == 0 {
			return nil
		}
		byTag[value.Text] = b
	}
	return byTag
}

func unionOfKinds(branches []*node) *union {
	var all kinds
	for _, b := range branches {
		kinds := b.deref().kinds
		if kinds == 0 || all&kinds != 0 {
			return nil
		}
		all |= kinds
	}
	return &union{byKind: branches}
}

func (u *union) accepts(v *jsonpos.Value, hops int) bool {
	if u.tag == "" {
		for _, b := range u.byKind {
			if b.accepts(v, hops) {
				return true
			}
		}
		return false
	}
	m := v.Member(u.tag)
	if m == nil || m.Value.Kind != jsonpos.String {
		return false
	}
	branch := u.byTag[m.Value.Text]
	return branch != nil && branch.accepts(v, hops)
}
