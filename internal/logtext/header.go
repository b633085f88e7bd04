package logtext

import (
	"mime"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// mediaTypes are the media types that requests have for good reasons, besides the dated ones of v2.
var mediaTypes = []string{
	"*/*", "application/*", "text/*", "application/json", "application/x-www-form-urlencoded", "multipart/form-data",
	"application/octet-stream", "application/xml", "application/yaml", "text/plain", "text/html",
}

var dated = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^application/vnd\.atlas\.(\d{4}-\d{2}-\d{2}|preview|upcoming)\+(json|csv|gzip)$`)
})

// Media returns the value of an Accept or Content-Type header with Hidden for each unknown media type and
// parameter. It writes the known ones as [mime.FormatMediaType] does.
func Media(value string) string {
	if value == "" {
		return ""
	}
	var shown []string
	for part := range strings.SplitSeq(value, ",") {
		shown = append(shown, media(part))
	}
	return cut(strings.Join(shown, ", "))
}

func media(part string) string {
	name, params, err := mime.ParseMediaType(part)
	if err != nil || !slices.Contains(mediaTypes, name) && !dated().MatchString(name) {
		return Hidden
	}
	known := map[string]string{}
	for key, value := range params {
		if key == "charset" && strings.EqualFold(value, "utf-8") || key == "q" && isQuality(value) {
			known[key] = strings.ToLower(value)
		}
	}
	text := mime.FormatMediaType(name, known)
	if len(known) < len(params) {
		text += "; " + Hidden
	}
	return text
}

// isQuality reports whether s is a weight as RFC 9110 has it.
func isQuality(s string) bool {
	q, err := strconv.ParseFloat(s, 64)
	return err == nil && q >= 0 && q <= 1 && len(s) <= len("0.123")
}

// agents are the products in User-Agent headers that clients of Atlas and common tools send.
var agents = []string{
	"AtlasCLI", "AtlasKubernetesOperator", "HashiCorp", "MongoDBAtlasKubernetesOperator", "Terraform", "atlas-cli", "atlascli",
	"atlasint", "atlasint-client", "atlasint-console",
	"go-atlas-sdk-admin", "go-mongodbatlas", "mongocli", "mongodb-atlas-kubernetes", "mongodbatlas-cloudformation-resources",
	"pulumi", "terraform-provider-mongodbatlas",
	"Apache-HttpClient", "Go-http-client", "HTTPie", "Java-http-client", "Mozilla", "OpenAPI-Generator", "PostmanRuntime",
	"Wget", "axios", "curl", "libwww-perl",
	"node", "node-fetch", "okhttp", "python-httpx", "python-requests", "python-urllib3", "undici",
}

var agentVersion = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^v?\d{1,14}(\.\d{1,6}){0,3}$`) })

// Agent returns the value of a User-Agent header with Hidden for everything but known products and their
// versions.
func Agent(value string) string {
	var shown []string
	for word := range strings.FieldsSeq(value) {
		name, version, found := strings.Cut(word, "/")
		if !slices.Contains(agents, name) || found && !agentVersion().MatchString(version) {
			word = Hidden
		}
		if word != Hidden || len(shown) == 0 || shown[len(shown)-1] != Hidden {
			shown = append(shown, word)
		}
	}
	return cut(strings.Join(shown, " "))
}
