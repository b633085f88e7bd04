package atlas

import (
	"cmp"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// Line returns the type, the ID and the fields that are set of an integration on one line, for logs and fmt. Secrets
// are masked, and so are fields and types that the API description lacks. doc is the integration as JSON.
func Line(typ, id string, doc []byte) string {
	parts := []string{cmp.Or(redact.Line(redact.Plain(typ)), "integration without a type")}
	switch {
	case IsID(id): // ids of integrations have the form of project ids
		parts = append(parts, id)
	case id != "":
		parts = append(parts, redact.Line(redact.Plain(id)))
	}
	for _, f := range MaskedFields("", typ, doc) {
		if text := f.String(); text != "" {
			parts = append(parts, text)
		}
	}
	return redact.Shorten(strings.Join(parts, " "))
}
