package drift

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/yamltree"
)

// wholeAPI is the name of the item for statements that apply to all operations.
const wholeAPI = "API"

// api reads the servers, the accepted credentials and the OAuth 2.0 flows of a document.
func (r *reader) api() {
	it := r.operations.part("API", wholeAPI, r.root.Line)
	it.servers(yamltree.Lookup(r.root, "servers"))
	r.security(it, yamltree.Lookup(r.root, "security"))
	for _, scheme := range yamltree.Pairs(yamltree.Lookup(r.root, "components", "securitySchemes")) {
		for name, flow := range yamltree.Pairs(yamltree.Lookup(r.deref(scheme), "flows")) {
			f := it.part("flow", "flow "+name.Value, name.Line)
			for keyword, attribute := range map[string]string{"tokenUrl": "token-url", "refreshUrl": "refresh-url",
				"authorizationUrl": "authorization-url"} {
				if url := yamltree.Lookup(flow, keyword); url != nil {
					f.values[attribute] = fact{address(yamltree.Text(url)), url.Line}
				}
			}
			for scope := range yamltree.Pairs(yamltree.Lookup(flow, "scopes")) {
				f.sets["scopes"] = append(f.sets["scopes"], fact{scope.Value, scope.Line})
			}
		}
	}
}

// servers reads server URLs. Older documents have the start of all paths in them, which is compared with
// the paths.
func (it *item) servers(node *yaml.Node) {
	for _, server := range yamltree.Elements(node) {
		url := strings.TrimSuffix(yamltree.Text(server, "url"), "/")
		if api := apiVersionSuffix(url); api != "" {
			url = strings.TrimSuffix(strings.TrimSuffix(url, "/"+api), "/api/atlas")
		}
		it.sets["servers"] = append(it.sets["servers"], fact{address(url), server.Line})
	}
}

// address hides a URL that may contain a password.
func address(url string) string {
	if strings.Contains(url, "@") {
		return "a URL with credentials (hidden)"
	}
	return url
}

// security reads requirements as alternatives. Documents choose the names of their schemes freely, so the
// schemes themselves are compared. An empty list, which accepts requests without credentials, is not nil.
func (r *reader) security(it *item, node *yaml.Node) {
	if node == nil {
		return
	}
	it.sets["security"] = []fact{}
	for _, requirement := range yamltree.Elements(node) {
		var all []string
		for name, scopes := range yamltree.Pairs(requirement) {
			scheme := r.scheme(name.Value)
			for _, scope := range yamltree.Elements(scopes) {
				scheme += " " + yamltree.Text(scope)
			}
			all = append(all, scheme)
		}
		if len(all) == 0 {
			all = []string{"no credentials"}
		}
		slices.Sort(all)
		it.sets["security"] = append(it.sets["security"], fact{strings.Join(all, " and "), requirement.Line})
	}
}

// scheme describes a security scheme by its requirements for a client.
func (r *reader) scheme(name string) string {
	node := r.deref(yamltree.Lookup(r.root, "components", "securitySchemes", name))
	kind := yamltree.Text(node, "type")
	switch kind {
	case "http":
		return "http " + strings.ToLower(yamltree.Text(node, "scheme"))
	case "apiKey":
		return "apiKey " + yamltree.Text(node, "in") + " " + yamltree.Text(node, "name")
	case "oauth2":
		for flow := range yamltree.Pairs(yamltree.Lookup(node, "flows")) {
			kind += " " + flow.Value
		}
		return kind
	case "openIdConnect":
		return kind + " " + address(yamltree.Text(node, "openIdConnectUrl"))
	case "":
		return "undefined " + name
	}
	return kind
}

// serialized reads the common attributes of parameters and headers. Style and explode have defaults that depend on the
// place, so documents may leave them out.
func (r *reader) serialized(it *item, node *yaml.Node, in string) {
	it.readNote(node)
	for keyword, attribute := range map[string]string{
		"required": "required", "deprecated": "deprecated", "allowReserved": "allow-reserved", "allowEmptyValue": "allow-empty",
	} {
		it.set(attribute, yamltree.Lookup(node, keyword))
	}
	style := "simple"
	if in == "query" || in == "cookie" {
		style = "form"
	}
	it.values["style"] = fact{style, it.line}
	it.set("style", yamltree.Lookup(node, "style"))
	explode := "false"
	if it.values["style"].text == "form" {
		explode = "true"
	}
	it.values["explode"] = fact{explode, it.line}
	it.set("explode", yamltree.Lookup(node, "explode"))
	if schema := yamltree.Lookup(node, "schema"); schema != nil {
		r.schema(it, schema, schemaContext{})
	}
	for name, media := range yamltree.Pairs(yamltree.Lookup(node, "content")) {
		r.schema(it.part("media type", name.Value, name.Line), yamltree.Lookup(media, "schema"), schemaContext{})
	}
}
