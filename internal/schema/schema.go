// Package schema validates JSON values against one JSON Schema, in two steps.
//
// [Schema.Accepts] reports from a tree of the schema whether a value is surely valid. That is one pass over the
// value without allocations, and it is true for nearly all payloads. Where it reports false, [Schema.Validate]
// uses github.com/santhosh-tekuri/jsonschema/v5, which decides: its errors become [Failure] values with the
// place in the value and the subschema that failed. What Accepts accepts, jsonschema/v5 accepts; tests and
// fuzzing check that.
//
// jsonschema/v5 puts values and names into its error texts. They are neither parsed nor returned.
package schema

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Schema is one JSON Schema whose references lead into itself. It is safe for concurrent use.
type Schema struct {
	source []byte
	root   *jsonpos.Value // the parsed source
	node   *node
	nodes  map[*jsonpos.Value]*node // all nodes of the tree
	gaps   []Gap
	hasIDs bool // a part of the schema has an address of its own

	// Of CompileBounded only:
	bounded     bool // validating takes a bounded number of steps
	draft7      bool
	asWritten   bool
	recursive   bool              // references lead back to a subschema around them
	weight      int               // the weight of all subschemas for each byte of a value
	anchors     map[string]target // the subschemas with names
	expressions map[string]expression

	compile func() (*jsonschema.Schema, error)
}

// Gap is a keyword that the tree can't decide: values that it applies to are never surely valid.
type Gap struct {
	Pointer string // JSON Pointer of the keyword in the schema
	Keyword string
}

// Compile reads a schema. It fails if source is not JSON, or neither an object nor a boolean. Whether
// jsonschema/v5 accepts the schema shows when a value first needs it: see [Schema.Validate].
func Compile(source []byte) (*Schema, error) {
	doc, err := jsonpos.Parse(source)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	if kind := doc.Root.Kind; kind != jsonpos.Object && kind != jsonpos.Bool {
		return nil, fmt.Errorf("read schema: want an object or a boolean, got %s", kind)
	}
	s := &Schema{source: source, root: &doc.Root, hasIDs: containsID(&doc.Root)}
	b := builder{schema: s, nodes: map[*jsonpos.Value]*node{}}
	s.node = b.node(s.root, "")
	for _, d := range doc.Duplicates { // for jsonschema/v5 the last one counts
		b.gap(s.node, d.Pointer, "")
	}
	s.nodes, s.gaps = b.nodes, b.gaps
	s.compile = sync.OnceValues(func() (*jsonschema.Schema, error) { return compile(source) })
	return s, nil
}

// Gaps returns the keywords that the tree can't decide, in the order in which they were found.
func (s *Schema) Gaps() []Gap { return s.gaps }

// base is the address of the schema for jsonschema/v5, which resolves references against it.
const base = "https://schemas.invalid/schema.json"

// compile compiles source as a schema of draft 2020-12, unless it names another draft. It loads nothing.
func compile(source []byte) (*jsonschema.Schema, error) {
	return compileWith(newCompiler(), source)
}

func newCompiler() *jsonschema.Compiler {
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.LoadURL = func(string) (io.ReadCloser, error) { return nil, errNoLoading }
	return compiler
}

func compileWith(compiler *jsonschema.Compiler, source []byte) (*jsonschema.Schema, error) {
	if err := compiler.AddResource(base, bytes.NewReader(source)); err != nil {
		return nil, err
	}
	return compiler.Compile(base)
}

var errNoLoading = fmt.Errorf("a reference to another document")

// resolve returns the subschema that a JSON Pointer as a reference names, nil if there is none. It returns nil where
// a part of the schema has an address of its own, which references in it start from. It resolves the names of anchors
// in bounded schemas only.
func (s *Schema) resolve(ref string) (*jsonpos.Value, string) {
	pointer, local := strings.CutPrefix(ref, "#")
	if !local || s.hasIDs {
		return nil, ""
	}
	if pointer != "" && pointer[0] != '/' {
		named := s.anchors[pointer]
		return named.schema, named.pointer
	}
	at := s.root
	for _, token := range tokens(pointer) {
		if at = child(at, token); at == nil {
			return nil, ""
		}
	}
	return at, pointer
}

// containsID reports whether a part of v has an address: an $id.
func containsID(v *jsonpos.Value) bool {
	has := func(part *jsonpos.Value) bool {
		id := part.Member("$id")
		return id != nil && id.Value.Kind == jsonpos.String || containsID(part)
	}
	for i := range v.Elements {
		if has(&v.Elements[i]) {
			return true
		}
	}
	for i := range v.Members {
		if has(&v.Members[i].Value) {
			return true
		}
	}
	return false
}

// child returns the member or the element of v that a token of a JSON Pointer names, nil if there is none.
func child(v *jsonpos.Value, token string) *jsonpos.Value {
	if v.Kind == jsonpos.Array {
		if i, ok := index(token, len(v.Elements)); ok {
			return &v.Elements[i]
		}
		return nil
	}
	if m := v.Member(token); m != nil {
		return &m.Value
	}
	return nil
}
