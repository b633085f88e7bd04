package specview

import (
	"fmt"
	"regexp"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// Apply applies an OpenAPI Overlay 1.0 to the document. Targets are paths of members, ['members'] and [*]. An action
// whose target does not exist is an error, because the target was probably renamed.
func (d *Document) Apply(overlay []byte) error {
	var read struct {
		Actions []struct {
			Target string    `yaml:"target"`
			Update yaml.Node `yaml:"update"`
			Remove bool      `yaml:"remove"`
		} `yaml:"actions"`
	}
	if err := yaml.Unmarshal(overlay, &read); err != nil {
		return err
	}
	for _, action := range read.Actions {
		steps, err := parseTarget(action.Target)
		if err != nil {
			return err
		}
		count := 0
		if action.Remove {
			count = removeAt(d.root, steps)
		} else {
			count = updateAt(d.root, steps, &action.Update)
		}
		if count == 0 {
			return fmt.Errorf("the target %s of the overlay matches nothing", action.Target)
		}
	}
	return nil
}

// pathStep selects one member or all members of a mapping or a sequence.
type pathStep struct {
	name string
	all  bool
}

var stepForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\.([A-Za-z_][\w-]*)|\['([^'\\]*)'\]|(\[\*\]))`)
})

func parseTarget(target string) (steps []pathStep, err error) {
	rest, found := target, false
	if len(rest) > 0 && rest[0] == '$' {
		rest, found = rest[1:], true
	}
	for found && rest != "" {
		m := stepForm().FindStringSubmatch(rest)
		if m == nil {
			break
		}
		steps = append(steps, pathStep{name: m[1] + m[2], all: m[3] != ""})
		rest = rest[len(m[0]):]
	}
	if rest != "" || len(steps) == 0 {
		return nil, fmt.Errorf("the target %s of the overlay is not a path of members, ['members'] and [*]", target)
	}
	return steps, nil
}

// removeAt removes the nodes that the steps select, and returns their number.
func removeAt(node *yaml.Node, steps []pathStep) (count int) {
	if len(steps) == 1 {
		for _, name := range namesAt(node, steps[0]) {
			remove(node, name)
			count++
		}
		return count
	}
	for _, child := range childrenAt(node, steps[0]) {
		count += removeAt(child, steps[1:])
	}
	return count
}

func updateAt(node *yaml.Node, steps []pathStep, update *yaml.Node) (count int) {
	if len(steps) == 0 {
		merge(node, update)
		return 1
	}
	for _, child := range childrenAt(node, steps[0]) {
		count += updateAt(child, steps[1:], update)
	}
	return count
}

func namesAt(node *yaml.Node, s pathStep) (names []string) {
	for key := range yamltree.Pairs(node) {
		if s.all || key.Value == s.name {
			names = append(names, key.Value)
		}
	}
	return names
}

func childrenAt(node *yaml.Node, s pathStep) (children []*yaml.Node) {
	if s.all && node.Kind == yaml.SequenceNode {
		return node.Content
	}
	for key, value := range yamltree.Pairs(node) {
		if s.all || key.Value == s.name {
			children = append(children, value)
		}
	}
	return children
}

// merge merges an update into a mapping. It merges mappings recursively and replaces all other values.
func merge(node, update *yaml.Node) {
	for key, value := range yamltree.Pairs(update) {
		old := yamltree.Lookup(node, key.Value)
		if old != nil && old.Kind == yaml.MappingNode && value.Kind == yaml.MappingNode {
			merge(old, value)
		} else {
			set(node, key.Value, clone(value))
		}
	}
}
