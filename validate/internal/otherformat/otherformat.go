// Package otherformat recognizes files that users pass in place of a JSON payload: YAML, Terraform (HCL and its
// JSON syntax), Kubernetes resources, CloudFormation templates and plans of atlasint. It returns advice on how to get a payload,
// without any text of the file.
package otherformat

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// Format is a format other than a JSON payload.
type Format struct {
	Name string // for messages, such as "YAML"
	Hint string // how to get a payload
}

// Plain reports whether the format is YAML that may be a payload: no Kubernetes resource and no CloudFormation template.
func (f *Format) Plain() bool { return f == &yaml }

const body = "a payload is a request body of the Atlas API, with \"type\" at the top level; atlasint new TYPE writes one"

var (
	yaml           = Format{"YAML", "give the file a name that ends in .yaml, or convert it to JSON, for example with yq -o json"}
	hcl            = Format{"Terraform (HCL)", "write the request body as JSON; its names are in camel case, such as apiKey for api_key"}
	kubernetes     = Format{"a Kubernetes resource", body}
	cloudFormation = Format{"a CloudFormation template", body}

	kubernetesYAML     = Format{kubernetes.Name + " in YAML", body}
	cloudFormationYAML = Format{cloudFormation.Name + " in YAML", body}

	terraform = Format{"Terraform's JSON syntax", body}

	plan = Format{"a plan of atlasint diff", "apply it with atlasint apply FILE, and keep it outside of the folder with the payloads"}
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
		return regexp.MustCompile(`^(resource|data|module|variable|provider|output|ephemeral)\s+"|^(terraform|locals|import|moved)\s*\{|^[a-z_][a-z0-9_]*\s*=\s*["\[{\d]`)
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

// Object returns the format of a JSON object that isn't a payload, or nil for a format that the package doesn't support.
func Object(root *jsonpos.Value) *Format {
	switch {
	case has(root, "format", jsonpos.String) && has(root, "digests", jsonpos.Array):
		return &plan
	case has(root, "apiVersion", jsonpos.String) && has(root, "kind", jsonpos.String):
		return &kubernetes
	case has(root, "Resources", jsonpos.Object), has(root, "AWSTemplateFormatVersion", jsonpos.String):
		return &cloudFormation
	case has(root, "resource", jsonpos.Object), has(root, "resource", jsonpos.Array), has(root, "terraform_version", jsonpos.String):
		return &terraform
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
