package reference

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/internal/ordered"
	"github.com/atlasint/atlasint/internal/yamltree"
)

// request is an example request of an operation: as a curl command, and as the data of "try it".
type request struct {
	Label               string
	Method, Path        string // with {name} for parameters
	TryPath             string // with {name=value} for parameters
	Accept, ContentType string
	Body                string // JSON, or "" for none
	Curl                string // "try it" reads the other members from it
	Try                 bool   // whether the fake can send it by itself
}

// variables are the environment variables of atlasint and of the Atlas CLI for parameters of paths.
var variables = map[string]string{"groupId": "MONGODB_ATLAS_PROJECT_ID", "orgId": "MONGODB_ATLAS_ORG_ID"}

// fakeProject is the project of the curl command that atlasint serve prints.
const fakeProject = "5d791c84ff7a2522cc4f9aa1"

// request returns the example request of an operation.
func (d *document) request(op operation, node *yaml.Node) (r request, err error) {
	r = request{Label: op.Summary, Method: op.Method, Path: op.Path, Accept: d.accept(op), Try: !d.Control}
	form := ""
	if op.Body != nil {
		r.ContentType = op.Body.Media[0].Type
		if r.Body, err = d.exampleBody(op.Body, yamltree.Lookup(node, "requestBody")); err != nil {
			return r, err
		}
		if strings.HasSuffix(r.ContentType, "form-urlencoded") {
			form, r.Body, r.Try = r.Body, "", false
		}
	}
	r.TryPath = r.Path
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		value := p.sampleFor(r.Body)
		if p.Name == "groupId" {
			value = fakeProject
		}
		r.TryPath = strings.ReplaceAll(r.TryPath, "{"+p.Name+"}", "{"+p.Name+"="+value+"}")
		if len(p.Values) > 0 {
			r.Path = strings.ReplaceAll(r.Path, "{"+p.Name+"}", value)
		}
	}
	r.Curl = d.curl(r, yamltree.Lookup(node, "security"), form)
	return r, nil
}

// sampleFor returns a value of a parameter that fits an example of the body.
func (p parameter) sampleFor(body string) string {
	for _, v := range p.Values {
		if strings.Contains(body, `"`+v+`"`) {
			return v
		}
	}
	return p.Sample
}

// accept returns the media type that the operation requires in Accept: that of its success, or that of the document if
// the success has no body.
func (d *document) accept(op operation) string {
	if r, ok := op.success(); ok && len(r.Media) > 0 {
		return r.Media[len(r.Media)-1].Type
	}
	if d.Control {
		return "application/json"
	}
	if d.Name == "v1.0" || strings.HasPrefix(op.Path, "/api/oauth/") {
		return "application/json"
	}
	return d.site.Documents[0].payloadType()
}

// payloadType returns the media type of payloads.
func (d *document) payloadType() string {
	for name := range yamltree.Members(d.component("requestBodies", "Payload", "content")) {
		return name
	}
	return ""
}

// exampleBody returns the first example of a body, or the smallest body that its schema allows.
func (d *document) exampleBody(b *body, node *yaml.Node) (string, error) {
	if len(b.Examples) > 0 {
		return b.Examples[0].JSON, nil
	}
	node, _, err := d.follow(node)
	if err != nil {
		return "", err
	}
	for _, content := range yamltree.Members(yamltree.Lookup(node, "content")) {
		value, err := d.sample(yamltree.Lookup(content, "schema"))
		if err != nil {
			return "", err
		}
		data, err := ordered.Indent(value)
		return strings.TrimSpace(string(data)), err
	}
	return "", fmt.Errorf("line %d: the body has no media type", node.Line)
}

// sample returns a small value of a schema: the required members of objects, or all that requests may have if none is
// required.
func (d *document) sample(node *yaml.Node) (any, error) {
	node, _, err := d.follow(node)
	if err != nil {
		return nil, err
	}
	for _, key := range []string{"const", "default"} {
		if value := yamltree.Lookup(node, key); value != nil {
			return yamltree.JSON(value)
		}
	}
	for _, key := range []string{"oneOf", "allOf"} {
		if parts := yamltree.Elements(yamltree.Lookup(node, key)); len(parts) > 0 {
			return d.sample(parts[0])
		}
	}
	for _, key := range []string{"examples", "enum"} {
		if values := yamltree.Elements(yamltree.Lookup(node, key)); len(values) > 0 {
			return yamltree.JSON(values[0])
		}
	}
	switch kind := yamltree.Text(node, "type"); {
	case kind == "object":
		return d.sampleObject(node)
	case kind == "array":
		element, err := d.sample(yamltree.Lookup(node, "items"))
		return []any{element}, err
	case kind == "boolean":
		return true, nil
	case kind == "integer" || kind == "number":
		return 1, nil
	case yamltree.Text(node, "format") == "date-time":
		return "2027-01-31T12:00:00Z", nil
	case strings.Contains(yamltree.Text(node, "pattern"), "[a-f0-9]{24}"):
		return "32b6e34b3d91647abb20e7b8", nil
	case strings.HasPrefix(yamltree.Text(node, "pattern"), "^/"):
		return "/example", nil
	}
	return "example", nil
}

func (d *document) sampleObject(node *yaml.Node) (any, error) {
	names := texts(yamltree.Lookup(node, "required"))
	object := ordered.Object{}
	for name, child := range yamltree.Members(yamltree.Lookup(node, "properties")) {
		if slices.Contains(names, name) || len(names) == 0 && yamltree.Text(child, "readOnly") != "true" {
			value, err := d.sample(child)
			if err != nil {
				return nil, err
			}
			object = append(object, ordered.Member{Name: name, Value: value})
		}
	}
	return object, nil
}

// eventStream is the media type of responses that don't end.
const eventStream = "text/event-stream"

// curl returns the command of a request.
func (d *document) curl(r request, security *yaml.Node, form string) string {
	lines := []string{"curl"}
	switch {
	case d.Control:
	case security != nil:
		lines[0] += ` --user "$MONGODB_ATLAS_CLIENT_ID:$MONGODB_ATLAS_CLIENT_SECRET"`
	default:
		lines[0] += ` --digest --user "$MONGODB_ATLAS_PUBLIC_API_KEY:$MONGODB_ATLAS_PRIVATE_API_KEY"`
	}
	if d.Control {
		lines = append(lines, `--header "Authorization: Bearer $ATLASINT_CONTROL_TOKEN"`)
	}
	if r.Accept == eventStream {
		lines[0] += " --no-buffer"
	}
	lines = append(lines, "--header 'Accept: "+r.Accept+"'")
	if r.ContentType != "" && form == "" {
		lines = append(lines, "--header 'Content-Type: "+r.ContentType+"'")
	}
	lines = append(lines, formData(form)...)
	url := `"` + d.base() + shellPath(r.Path) + `"`
	if r.Body == "" {
		return strings.Join(append(lines, "--request "+r.Method+" "+url), " \\\n  ")
	}
	lines = append(lines, "--request "+r.Method+" "+url, "--data @- <<'JSON'")
	return strings.Join(lines, " \\\n  ") + "\n" + r.Body + "\nJSON"
}

// base is the origin of the document's server.
func (d *document) base() string {
	if d.Control {
		return "http://127.0.0.1:8080"
	}
	return d.Servers[0].Label
}

var formMember = regexp.MustCompile(`"(\w+)": "([^"]*)"`)

// formData returns the members of a form, of which the example is an object of texts.
func formData(example string) (lines []string) {
	for _, m := range formMember.FindAllStringSubmatch(example, -1) {
		lines = append(lines, "--data-urlencode '"+m[1]+"="+m[2]+"'")
	}
	return lines
}

var pathParameter = regexp.MustCompile(`\{(\w+)\}`)

// shellPath replaces the parameters of a path by variables, such as $MONGODB_ATLAS_PROJECT_ID.
func shellPath(path string) string {
	return pathParameter.ReplaceAllStringFunc(path, func(p string) string {
		name := strings.Trim(p, "{}")
		if v := variables[name]; v != "" {
			return "$" + v
		}
		return "$" + strings.ToUpper(camel.ReplaceAllString(name, "${1}_$2"))
	})
}

var camel = regexp.MustCompile(`([a-z])([A-Z])`)
