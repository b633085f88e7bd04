package drift

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// wholeAPI is the name of the item for statements that hold for all operations.
const wholeAPI = "API"

// api reads the servers, the accepted credentials and the OAuth 2.0 flows of a document.
func (r *reader) api() {
	it := r.operations.part("API", wholeAPI, r.root.Line)
	it.servers(member(r.root, "servers"))
	r.security(it, member(r.root, "security"))
	for _, scheme := range members(member(member(r.root, "components"), "securitySchemes")) {
		for name, flow := range members(member(r.deref(scheme), "flows")) {
			f := it.part("flow", "flow "+name.Value, name.Line)
			for keyword, attribute := range map[string]string{"tokenUrl": "token-url", "refreshUrl": "refresh-url", "authorizationUrl": "authorization-url"} {
				if url := member(flow, keyword); url != nil {
					f.says[attribute] = fact{address(text(url)), url.Line}
				}
			}
			for scope := range members(member(flow, "scopes")) {
				f.sets["scopes"] = append(f.sets["scopes"], fact{scope.Value, scope.Line})
			}
		}
	}
}

// servers reads server URLs. Older documents have the start of all paths in them, which is compared with
// the paths.
func (it *item) servers(node *yaml.Node) {
	for _, server := range elements(node) {
		url := strings.TrimSuffix(text(member(server, "url")), "/")
		if api := generation(url); api != "" {
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
	for _, requirement := range elements(node) {
		var all []string
		for name, scopes := range members(requirement) {
			scheme := r.scheme(name.Value)
			for _, scope := range elements(scopes) {
				scheme += " " + text(scope)
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

// scheme describes a security scheme by what a client has to do for it.
func (r *reader) scheme(name string) string {
	node := r.deref(member(member(member(r.root, "components"), "securitySchemes"), name))
	kind := text(member(node, "type"))
	switch kind {
	case "http":
		return "http " + strings.ToLower(text(member(node, "scheme")))
	case "apiKey":
		return "apiKey " + text(member(node, "in")) + " " + text(member(node, "name"))
	case "oauth2":
		for flow := range members(member(node, "flows")) {
			kind += " " + flow.Value
		}
		return kind
	case "openIdConnect":
		return kind + " " + address(text(member(node, "openIdConnectUrl")))
	case "":
		return "undefined " + name
	}
	return kind
}

// serialized reads what parameters and headers have in common. Style and explode have defaults that depend
// on the place, so documents may leave them out.
func (r *reader) serialized(it *item, node *yaml.Node, in string) {
	it.noted(node)
	for keyword, attribute := range map[string]string{
		"required": "required", "deprecated": "deprecated", "allowReserved": "allow-reserved", "allowEmptyValue": "allow-empty",
	} {
		it.say(attribute, member(node, keyword))
	}
	style := "simple"
	if in == "query" || in == "cookie" {
		style = "form"
	}
	it.says["style"] = fact{style, it.line}
	it.say("style", member(node, "style"))
	explode := "false"
	if it.says["style"].text == "form" {
		explode = "true"
	}
	it.says["explode"] = fact{explode, it.line}
	it.say("explode", member(node, "explode"))
	if schema := member(node, "schema"); schema != nil {
		r.schema(it, schema, way{})
	}
	for name, media := range members(member(node, "content")) {
		r.schema(it.part("media type", name.Value, name.Line), member(media, "schema"), way{})
	}
}
