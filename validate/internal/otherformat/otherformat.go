// Package otherformat recognizes files that users pass in place of a JSON payload: YAML, Terraform (HCL and its
// JSON syntax), Kubernetes resources, CloudFormation templates, responses and alert configurations of Atlas, plans,
// baselines and reports of atlasint, and the JSON files of other tools. It returns advice on how to get a payload,
// without any text of the file.
package otherformat

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Format is a format other than a JSON payload.
type Format struct {
	Name string // for messages, such as "YAML"
	Hint string // how to get a payload
	Kind Kind
}

// Kind is what you do with a file of a format instead of validating it; "" for a format that may contain a payload.
type Kind string

const (
	kindPlan     Kind = "plan"
	kindBaseline Kind = "baseline"
	kindResource Kind = "resource" // of a tool that sends payloads itself
	kindFile     Kind = "file"     // any other file
)

// Advice returns what the file is and how to get a payload.
func (f *Format) Advice() string { return "this is " + f.Name + "; " + f.Hint }

// Plain reports whether the format is YAML that may be a payload: no Kubernetes resource and no CloudFormation
// template.
func (f *Format) Plain() bool { return f == &yaml }

// file returns the format of files that are kept elsewhere.
func file(name string, kind Kind) Format {
	return Format{name, "keep it outside of the folder with the payloads", kind}
}

// resource returns the format of files of a tool that sends payloads itself.
func resource(name string) Format {
	return Format{name, "a payload is a request body of the Atlas API, with \"type\" at the top level", kindResource}
}

var (
	yaml = Format{Name: "YAML", Hint: "give the file a name that ends in .yaml, or convert it to JSON, for example with yq -o json"}
	hcl  = Format{
		Name: "Terraform (HCL)", Hint: "write the request body as JSON; its names are in camel case, such as apiKey for api_key",
	}
	kubernetes     = resource("a Kubernetes resource")
	cloudFormation = resource("a CloudFormation template")

	kubernetesYAML     = resource(kubernetes.Name + " in YAML")
	cloudFormationYAML = resource(cloudFormation.Name + " in YAML")

	terraform = resource("Terraform's JSON syntax")

	plan     = file("a plan of atlasint diff", kindPlan)
	baseline = file("a baseline of atlasint validate", kindBaseline)

	validateReport = file("a report of atlasint validate", kindFile)
	applyReport    = file("a report of atlasint diff or apply", kindFile)
	driftReport    = file("a report of atlasint drift", kindFile)
	sarif          = file("a SARIF report", kindFile)
	codeQuality    = file("a Code Quality report", kindFile)

	alertConfiguration = Format{
		"an alert configuration", "atlasint validates integrations only; keep it outside of the folder with the payloads", kindFile,
	}

	jsonSchema    = file("a JSON Schema", kindFile)
	schemaCatalog = file("a catalog of JSON Schemas", kindFile)
	openAPI       = file("an OpenAPI document", kindFile)
	npmPackage    = file("a package.json of npm", kindFile)
	npmLock       = file("a lock file of npm", kindFile)
	composer      = file("a composer.json of PHP", kindFile)
	typeScript    = file("a configuration of TypeScript, such as tsconfig.json", kindFile)
	ofTool        = file("a configuration of another tool", kindFile)
)

// The patterns are RE2: their time is linear. They are compiled on first use.
var (
	yamlLine = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(---|%YAML |- \S|[A-Za-z_$][\w.\-/]*:(\s|$))`)
	})
	versionLine  = topLevel(`apiVersion:\s+\S`)
	kindLine     = topLevel(`kind:\s+\S`)
	templateLine = topLevel(`(AWSTemplateFormatVersion:\s+\S|Resources:\s*$)`)
	hclLine      = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(
			`^(resource|data|module|variable|provider|output|ephemeral)\s+"|^(terraform|locals|import|moved)\s*\{|^[a-z_][a-z0-9_]*\s*=\s*["\[{\d]`)
	})
)

// topLevel returns the pattern of a line of YAML without indentation.
func topLevel(line string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(?m)^" + line) })
}

// Text returns the format of a text that is not JSON, or nil for a format that the package doesn't support. It looks
// at the first line that is neither blank nor a comment, and at no more than its first 200 bytes. Keys at the top
// level of the first 64 KiB of YAML identify Kubernetes resources and CloudFormation templates.
func Text(data []byte) *Format {
	line := firstLine(data)
	switch {
	case hclLine().Match(line):
		return &hcl
	case yamlLine().Match(line):
		return yamlFormat(data[:min(len(data), maxYAML)])
	}
	return nil
}

func yamlFormat(data []byte) *Format {
	switch {
	case versionLine().Match(data) && kindLine().Match(data):
		return &kubernetesYAML
	case templateLine().Match(data):
		return &cloudFormationYAML
	}
	return &yaml
}

// The parts of a text that decide, in bytes.
const (
	maxLine = 200
	maxYAML = 64 << 10
)

func firstLine(data []byte) []byte {
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		line = bytes.TrimSpace(line)
		if len(line) > 0 && line[0] != '#' && !bytes.HasPrefix(line, []byte("//")) {
			return line[:min(len(line), maxLine)]
		}
		data = rest
	}
	return nil
}

// JSON returns the format of a JSON object or array that isn't a payload, or nil for a format that the package doesn't
// support.
func JSON(root *jsonpos.Value) *Format {
	if report := reportFormat(root); report != nil {
		return report
	}
	switch {
	case has(root, "format", jsonpos.String) && has(root, "digests", jsonpos.Array):
		return &plan
	case has(root, "apiVersion", jsonpos.String) && has(root, "kind", jsonpos.String):
		return &kubernetes
	case has(root, "Resources", jsonpos.Object), has(root, "AWSTemplateFormatVersion", jsonpos.String):
		return &cloudFormation
	case has(root, "resource", jsonpos.Object), has(root, "resource", jsonpos.Array), has(root, "terraform_version", jsonpos.String):
		return &terraform
	case has(root, "eventTypeName", jsonpos.String) && has(root, "notifications", jsonpos.Array):
		return &alertConfiguration
	}
	return toolFormat(root)
}

// schemaStore begins the URLs of the schemas of many tools.
const schemaStore = "json.schemastore.org/"

// toolFormat returns the format of a JSON Schema or of a file of another tool, nil for all else.
func toolFormat(root *jsonpos.Value) *Format {
	schema := schemaOf(root)
	switch {
	case strings.HasPrefix(schema, "json-schema.org/"):
		return &jsonSchema
	case strings.HasPrefix(schema, schemaStore+"schema-catalog"):
		return &schemaCatalog
	case has(root, "info", jsonpos.Object) && (has(root, "openapi", jsonpos.String) || has(root, "swagger", jsonpos.String)):
		return &openAPI
	case has(root, "lockfileVersion", jsonpos.Number):
		return &npmLock
	case hasAny(root, "dependencies", "devDependencies", "peerDependencies", "scripts"):
		return &npmPackage
	case hasAny(root, "require", "require-dev"):
		return &composer
	case has(root, "compilerOptions", jsonpos.Object):
		return &typeScript
	case strings.HasPrefix(schema, schemaStore), strings.HasPrefix(schema, "www.schemastore.org/"):
		return &ofTool
	}
	return nil
}

// schemaOf returns the URL in $schema without its scheme, "" if there is none.
func schemaOf(root *jsonpos.Value) string {
	if !has(root, "$schema", jsonpos.String) {
		return ""
	}
	_, url, _ := strings.Cut(root.Member("$schema").Value.Text, "://")
	return url
}

// hasAny reports whether one of the members is an object.
func hasAny(object *jsonpos.Value, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return has(object, name, jsonpos.Object) })
}

// reportFormat returns the format of a baseline or a report, nil for all else.
func reportFormat(root *jsonpos.Value) *Format {
	if len(root.Elements) > 0 {
		if first := &root.Elements[0]; has(first, "check_name", jsonpos.String) && has(first, "fingerprint", jsonpos.String) {
			return &codeQuality
		}
	}
	findings, failures := has(root, "findings", jsonpos.Array), has(root, "failures", jsonpos.Array)
	switch {
	case has(root, "version", jsonpos.String) && has(root, "runs", jsonpos.Array):
		return &sarif
	case !has(root, "version", jsonpos.Number):
		return nil
	case findings && has(root, "steps", jsonpos.Array):
		return &applyReport
	case findings && failures:
		return &validateReport
	case findings:
		return &baseline
	case failures && has(root, "documents", jsonpos.Array):
		return &driftReport
	}
	return nil
}

func has(object *jsonpos.Value, name string, kind jsonpos.Kind) bool {
	m := object.Member(name)
	return m != nil && m.Value.Kind == kind
}

// CamelCase returns a name in snake case, as Terraform writes it, in the camel case of the API, and "" for a name
// that is not in snake case.
func CamelCase(name string) string {
	words := strings.Split(name, "_")
	if len(words) < 2 {
		return ""
	}
	for i, word := range words {
		if word == "" || strings.ToLower(word) != word {
			return ""
		}
		if i > 0 {
			words[i] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}

// IsResponse recognizes the pages and envelopes in which Atlas returns integrations.
func IsResponse(root *jsonpos.Value) bool {
	if list := root.Member("results"); list != nil {
		return list.Value.Kind == jsonpos.Array
	}
	content := root.Member("content")
	return content != nil && content.Value.Kind == jsonpos.Object && root.Member("status") != nil
}
