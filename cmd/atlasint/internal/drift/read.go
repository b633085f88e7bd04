package drift

import (
	"cmp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// item is an operation, a type, a field or another subject of a document, with its attributes and parts.
type item struct {
	kind   string
	line   int
	note   string // the reason, if our document states it
	secret bool
	values map[string]fact   // by attribute
	sets   map[string][]fact // by attribute; nil where the document is silent
	parts  map[string]*item
}

type fact struct {
	text string
	line int
}

func newItem(kind string, line int) *item {
	return &item{kind: kind, line: line, values: map[string]fact{}, sets: map[string][]fact{}, parts: map[string]*item{}}
}

// part returns the part with a name, and creates it if it does not exist.
func (it *item) part(kind, name string, line int) *item {
	if it.parts[name] == nil {
		it.parts[name] = newItem(kind, line)
	}
	return it.parts[name]
}

func (it *item) set(attribute string, node *yaml.Node) {
	if node != nil {
		it.values[attribute] = fact{yamltree.Text(node), node.Line}
	}
}

// view is one union of integration types, in the requests or responses of some operations. A document can have several:
// for requests, for responses, and for each dated version of the API.
type view struct {
	request  bool
	versions []string
	methods  []string
	types    *item
}

// reader reads the part of a document that describes integrations. It keeps its first error.
type reader struct {
	root     *yaml.Node
	siblings bool // whether keywords next to a $ref count, as in OpenAPI 3.1
	err      error
	refs     map[string]*yaml.Node // the targets of earlier references
	open     []*yaml.Node          // the schemas being read, from the outermost on
	steps    int

	flat       bool  // whether integrations are one object, as in an SDK's document
	operations *item // all of them, and the bodies that are not integrations
	views      []*view
	unions     map[unionKey]*view
}

type unionKey struct {
	schema  *yaml.Node
	request bool
}

func (r *reader) fail(node *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = fault(node.Line, format, args...)
	}
}

// deref follows references inside the document. It never follows references to other files and hosts.
func (r *reader) deref(node *yaml.Node) *yaml.Node {
	for range maxDepth {
		ref := yamltree.Lookup(node, "$ref")
		if ref == nil || r.err != nil {
			return node
		}
		to, inside := strings.CutPrefix(yamltree.Text(ref), "#/")
		if !inside {
			r.fail(ref, "a $ref to another document; only references inside the document are supported")
			return node
		}
		next := r.at(ref, to)
		if next == nil {
			r.fail(ref, "the $ref %s has no target", redact.Name(lastToken(to)))
			return node
		}
		node = next
	}
	r.fail(node, "a $ref that refers to itself")
	return node
}

// at returns the target of a reference, or nil if there is none.
func (r *reader) at(ref *yaml.Node, to string) *yaml.Node {
	next, known := r.refs[to]
	if known {
		return next
	}
	next = r.root
	for token := range strings.SplitSeq(to, "/") {
		if next = yamltree.Lookup(next, jsonpos.Unescape(token)); next != nil {
			r.spend(ref, len(next.Content))
		}
	}
	r.refs[to] = next
	return next
}

func lastToken(ref string) string { return ref[strings.LastIndex(ref, "/")+1:] }

// paths reads the operations on integrations of one API version.
func (r *reader) paths(api string) {
	r.operations = newItem("document", r.root.Line)
	r.unions = map[unionKey]*view{}
	r.siblings = !strings.HasPrefix(yamltree.Text(r.root, "openapi"), "3.0")
	r.api()
	for path, node := range yamltree.Pairs(yamltree.Lookup(r.root, "paths")) {
		of, tail, found := integrationPath(path.Value)
		if !found || of != api && of != "" {
			continue
		}
		node = r.deref(node)
		for method, op := range yamltree.Pairs(node) {
			if slices.Contains(methods, method.Value) {
				name := strings.ToUpper(method.Value) + " " + tail
				r.operation(r.operations.part("operation", name, method.Line), method.Value, node, op)
			}
		}
	}
}

var methods = []string{"get", "put", "post", "delete", "patch", "head", "options", "trace"}

// integrationPath parses the path of an integration. It returns the API version before /groups, "" if the path has
// none, and the path from /integrations on. A custom method may follow a colon: /integrations:validate.
func integrationPath(path string) (api, tail string, found bool) {
	before, after, found := strings.Cut(path, "/groups/{")
	_, after, inGroup := strings.Cut(after, "}/")
	tokens := strings.Split(after, "/")
	name, _, _ := strings.Cut(tokens[0], ":")
	if !found || !inGroup || name != "integrations" {
		return "", "", false
	}
	if len(tokens) > 1 && strings.HasPrefix(tokens[1], "{") {
		_, method, _ := strings.Cut(tokens[1], "}")
		tokens[1] = "{integrationType}" + method // the document may use any name for the parameter
	}
	return apiVersionSuffix(before), "/" + strings.Join(tokens, "/"), true
}

func (r *reader) operation(it *item, method string, path, op *yaml.Node) {
	it.set("operation-id", yamltree.Lookup(op, "operationId"))
	it.set("operation-id-override", yamltree.Lookup(op, "x-xgen-operation-id-override"))
	it.set("method-override", yamltree.Lookup(op, "x-xgen-method-verb-override", "verb"))
	it.set("deprecated", yamltree.Lookup(op, "deprecated"))
	it.list("tags", yamltree.Lookup(op, "tags"))
	r.security(it, yamltree.Lookup(op, "security"))
	it.servers(cmp.Or(yamltree.Lookup(op, "servers"), yamltree.Lookup(path, "servers")))
	for _, name := range []string{"x-rolesRequirements", "x-roles"} {
		it.list("roles", yamltree.Lookup(op, name))
	}
	for _, list := range []*yaml.Node{yamltree.Lookup(path, "parameters"), yamltree.Lookup(op, "parameters")} {
		for _, p := range yamltree.Elements(list) {
			r.parameter(it, p)
		}
	}
	if body := yamltree.Lookup(op, "requestBody"); body != nil {
		r.body(it.part("request body", "body", body.Line), method, r.deref(body))
	}
	for status, resp := range yamltree.Pairs(yamltree.Lookup(op, "responses")) {
		line := status.Line
		r.response(it.part("response", "response "+status.Value, line), method, r.deref(resp))
	}
}

func (it *item) list(attribute string, node *yaml.Node) {
	for _, e := range yamltree.Elements(node) {
		it.sets[attribute] = append(it.sets[attribute], fact{yamltree.Text(e), e.Line})
	}
}

func (r *reader) parameter(op *item, node *yaml.Node) {
	line := node.Line
	node = r.deref(node)
	in := yamltree.Text(node, "in")
	r.serialized(op.part("parameter", "parameter "+in+" "+yamltree.Text(node, "name"), line), node, in)
}

func (it *item) readNote(node *yaml.Node) {
	if note := yamltree.Lookup(node, "x-evidence"); note != nil {
		it.note = yamltree.Text(note)
	}
}

func (r *reader) body(it *item, method string, node *yaml.Node) {
	it.set("required", yamltree.Lookup(node, "required"))
	it.readNote(node)
	r.media(it, method, node, true)
}

func (r *reader) response(it *item, method string, node *yaml.Node) {
	it.readNote(node)
	for name, header := range yamltree.Pairs(yamltree.Lookup(node, "headers")) {
		r.serialized(it.part("header", "header "+name.Value, name.Line), r.deref(header), "header")
	}
	r.media(it, method, node, false)
}

func (r *reader) media(it *item, method string, node *yaml.Node, request bool) {
	for name, media := range yamltree.Pairs(yamltree.Lookup(node, "content")) {
		m := it.part("media type", name.Value, name.Line)
		m.set("version", yamltree.Lookup(media, "x-xgen-version"))
		m.set("sunset", yamltree.Lookup(media, "x-sunset"))
		version := versionOf(name.Value)
		if _, found := m.values["version"]; !found && version != "" {
			m.values["version"] = fact{version, name.Line}
		}
		if schema := yamltree.Lookup(media, "schema"); schema != nil {
			m.values["holds"] = fact{r.content(schema, method, version, request), schema.Line}
		}
	}
}

// versionOf returns the date in a media type such as application/vnd.atlas.2023-01-01+json.
func versionOf(media string) string {
	_, version, _ := strings.Cut(media, "vnd.atlas.")
	version, _, _ = strings.Cut(version, "+")
	return version
}

// content reads the schema of a body, and returns the name of its kind.
func (r *reader) content(node *yaml.Node, method, version string, request bool) string {
	schema := r.unwrap(node)
	results := r.unwrap(yamltree.Lookup(r.unwrap(yamltree.Lookup(schema, "properties", "results")), "items"))
	switch {
	case r.isUnion(schema):
		r.union(schema, method, version, request)
		return "integration"
	case r.isUnion(results):
		r.union(results, method, version, request)
		r.object("page", schema)
		return "page"
	case yamltree.Lookup(schema, "properties", "errorCode") != nil:
		r.object("error", schema)
		return "error"
	case r.isFlat(schema):
		r.flatten(schema, method, version, request)
		return "integration"
	case r.isFlat(results):
		r.flatten(results, method, version, request)
		r.object("page", schema)
		return "page"
	}
	return "something else"
}

// object reads a body that is not an integration, once.
func (r *reader) object(name string, schema *yaml.Node) {
	if r.operations.parts[name] == nil {
		r.schema(r.operations.part("object", name, schema.Line), schema, schemaContext{})
	}
}
