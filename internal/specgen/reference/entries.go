package reference

import "slices"

// entryGroup are the entries of one kind in the index and the search.
type entryGroup struct {
	Kind, Plural string
	Entries      []entry
}

// entry is a name with its address in the pages.
type entry struct{ Name, Address, Text string }

// entries returns the entries of the index: types, fields, operations, schemas, error codes and rules.
func (s *site) entries() []entryGroup {
	groups := []entryGroup{{Kind: "type", Plural: "Integration types"}, {Kind: "field", Plural: "Fields of integration types"}}
	for _, t := range s.Types {
		groups[0].Entries = append(groups[0].Entries, entry{t.Name, t.File(), t.Title()})
		for _, f := range t.Fields {
			groups[1].Entries = append(groups[1].Entries, entry{t.Name + "." + f.Name, t.File() + "#" + f.ID, f.Title})
		}
	}
	for _, d := range s.Documents {
		groups = append(groups, d.entries()...)
	}
	codes := entryGroup{Kind: "error code", Plural: "Error codes"}
	for _, status := range s.Errors {
		for _, c := range status.Codes {
			codes.Entries = append(codes.Entries, entry{c.Code, "errors.html#" + c.Code, c.Status})
		}
	}
	rules := entryGroup{Kind: "rule", Plural: "Validation rules"}
	for _, r := range s.Rules {
		rules.Entries = append(rules.Entries, entry{r.ID, "rules.html#" + r.ID, r.Summary})
	}
	groups = append(groups, codes, rules)
	return slices.DeleteFunc(groups, func(g entryGroup) bool { return len(g.Entries) == 0 })
}

func (d *document) entries() []entryGroup {
	ops := entryGroup{Kind: "operation, " + d.Name, Plural: "Operations: " + d.Label}
	for _, op := range d.Operations() {
		ops.Entries = append(ops.Entries, entry{op.ID, d.File + "#" + op.ID, op.Summary})
	}
	schemas := entryGroup{Kind: "schema, " + d.Name, Plural: "Schemas: " + d.Label}
	for _, sch := range d.Schemas {
		schemas.Entries = append(schemas.Entries, entry{sch.Name, d.File + "#" + sch.ID, sch.Title})
	}
	return []entryGroup{ops, schemas}
}
