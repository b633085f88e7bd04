package journal

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/logtext"
)

// MaskedBody returns the body of the request with its secrets masked, nil if it is not an object or if the path has no
// known type and no known operation: an unknown body may contain secrets anywhere.
func (e *Entry) MaskedBody() map[string]any {
	body, sent := e.requestField(), atlas.Object(e.Body)
	if body == nil || sent == nil {
		return nil
	}
	m := mask{accepted: e.accepted(), names: fieldNames(), secrets: e.secrets()}
	masked, _ := m.object(body, sent).(map[string]any)
	return masked
}

// MaskedResponse returns the body of the response with its secrets masked, nil if it was not kept, is not JSON, or has
// no description. It leaves out the links, which repeat the address.
func (e *Entry) MaskedResponse() any {
	value := decode(e.Response)
	object, _ := value.(map[string]any)
	if content, ok := object["content"]; ok && len(object) == 2 && object["status"] != nil {
		return map[string]any{"status": number(object["status"]), "content": e.maskedContent(content)}
	}
	return e.maskedContent(value)
}

// maskedContent masks the body of a response without its envelope.
func (e *Entry) maskedContent(value any) any {
	object, _ := value.(map[string]any)
	if object["errorCode"] != nil {
		return e.maskedError(object)
	}
	if !e.accepted() || value == nil {
		return nil
	}
	m := mask{accepted: true, response: true, secrets: e.secrets()}
	if e.Integrations {
		return m.integrations(e.APIVersion, object)
	}
	if body := bodiesOf(e.Operation).response; body != nil {
		return m.value(body, value)
	}
	return nil
}

// secrets returns the secrets in the body of the request.
func (e *Entry) secrets() secrets {
	if e.known != nil {
		return *e.known
	}
	return secretsOf(e.requestField(), e.Body)
}

// Prepared returns a copy of the entry for several calls of its methods: it looks for secrets once.
func (e *Entry) Prepared() *Entry {
	prepared, s := *e, e.secrets()
	prepared.known = &s
	return &prepared
}

func (e *Entry) accepted() bool { return e.Status >= 200 && e.Status < 300 }

// requestField describes the body of the request, nil if nothing does.
func (e *Entry) requestField() *atlas.Field {
	if !e.Integrations {
		return bodiesOf(e.Operation).request
	}
	if typ := typeOf(e.APIVersion, e.Type); typ != nil {
		return typ.Payload
	}
	return nil
}

// typeOf returns a type of this API version, else of the other one; nil if neither has it.
func typeOf(apiVersion, typ string) *atlas.Type {
	if t := atlas.Find(apiVersion, typ); t != nil {
		return t
	}
	return atlas.Find(atlas.OtherVersion(apiVersion), typ)
}

// bodies are the bodies of an operation of the companions.
type bodies struct{ request, response *atlas.Field }

var allBodies = sync.OnceValue(func() map[string]bodies {
	all := map[string]bodies{}
	for id, op := range companions.Operations() {
		all[id] = bodies{request: fieldOf(op.Request), response: fieldOf(op.Response)}
	}
	return all
})

func bodiesOf(operation string) bodies { return allBodies()[operation] }

func fieldOf(f *schemas.Field) *atlas.Field {
	if f == nil {
		return nil
	}
	return atlas.NewType(&schemas.Type{Fields: []schemas.Field{{Name: "body", Kind: "array", Items: f}}}).Payload.Lookup("body").Items
}

// fieldNames are the names of all fields of all types.
var fieldNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, t := range schemas.Types {
		for _, f := range t.Fields {
			names[f.Name] = true
		}
	}
	return names
})

// decode returns a JSON text as encoding/json decodes it, numbers unchanged; nil if it is not valid JSON.
func decode(data []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	return value
}

// mask hides possible secrets. A value that a schema lacks may be a misplaced secret, such as a key in another field:
// of a rejected body, only masks, IDs, booleans and the values of enums are shown.
type mask struct {
	accepted, response bool
	names              map[string]bool // shown even if the object does not have a field of that name
	secrets            secrets         // no value that is shown repeats them
}

// minKey is the number of digits from which a number may be a key.
const minKey = 4

func (m mask) value(f *atlas.Field, value any) any {
	switch value := value.(type) {
	case nil, bool:
		return value
	case string:
		return m.text(f, value)
	case json.Number:
		if m.accepted && f != nil && f.Secret == "" && (f.Kind == "integer" || f.Kind == "number") && (len(value) < minKey || !m.secrets.repeatedIn(value.String())) {
			return value
		}
	case []any:
		if m.accepted && f != nil && f.Kind == "array" && f.Items != nil {
			list := make([]any, len(value))
			for i, element := range value {
				list[i] = m.value(f.Items, element)
			}
			return list
		}
	case map[string]any:
		if m.accepted && f != nil && (f.Kind == "object" || f.Kind == "union") {
			return m.object(f, value)
		}
	}
	return logtext.Hidden
}

func (m mask) object(f *atlas.Field, value map[string]any) any {
	m.secrets = m.secrets.withMasks(f, value)
	masked := make(map[string]any, len(value))
	for name, member := range value {
		if m.response && name == "links" {
			continue
		}
		field, shown := fieldIn(f, value, name), name
		if field == nil && !m.names[name] {
			shown = logtext.Hidden
		}
		masked[shown] = m.value(field, member)
	}
	return masked
}

func (m mask) text(f *atlas.Field, text string) any {
	switch {
	case f == nil, f.Kind != "string", f.Secret == schemas.MaskOmitted:
		return logtext.Hidden
	case f.Secret != "" && !m.accepted:
		return atlas.Mask(schemas.MaskLast4, text)
	case f.Secret != "":
		return f.MaskedValue(text)
	case f.Name == "name" && len(f.Enum) == 0: // of a project or an organization: hidden in paths, too
		return logtext.Hidden
	case slices.Contains(idNames, f.Name):
		if atlas.IsID(text) && !m.secrets.repeatedID(text) {
			return text
		}
	case text == f.Const, slices.Contains(f.Enum, text):
		return text
	case m.accepted && (m.response || !f.ReadOnly) && !m.secrets.repeatedIn(text):
		return text
	}
	return logtext.Hidden
}

// idNames are the fields that have the ID of something. Requests may have any text in them where the server ignores it.
var idNames = []string{"id", "orgId", "groupId", "teamId", "integrationId"}

// number returns a value if it is a number.
func number(value any) any {
	if n, ok := value.(json.Number); ok {
		return n
	}
	return logtext.Hidden
}

// integrations masks an integration, or a page of them.
func (m mask) integrations(apiVersion string, object map[string]any) any {
	name, _ := object["type"].(string)
	if typ := typeOf(apiVersion, name); typ != nil {
		return m.object(typ.Payload, object)
	}
	page := map[string]any{}
	for name, value := range object {
		switch name {
		case "results":
			page[name] = m.results(apiVersion, value)
		case "links":
		case "totalCount", "status":
			page[name] = number(value)
		default:
			page[logtext.Hidden] = logtext.Hidden
		}
	}
	return page
}

func (m mask) results(apiVersion string, value any) any {
	list, _ := value.([]any)
	masked := make([]any, len(list))
	for i, element := range list {
		object, _ := element.(map[string]any)
		masked[i] = m.integrations(apiVersion, object)
	}
	return masked
}

// maskedError masks an error in the form of the API. Its parameters repeat the request: only words of the API are
// shown, in the parameters and in the text that contains them. Of a rejected field, only the name is shown.
func (e *Entry) maskedError(object map[string]any) any {
	secrets := e.secrets()
	code, _ := object["errorCode"].(string)
	masked := map[string]any{"errorCode": logtext.Hidden, "error": number(object["error"])}
	if known, ok := wire.ErrorCodes()[code]; ok {
		masked["errorCode"] = known.Code
		if parameters, ok := object["parameters"].([]any); ok {
			masked["detail"], masked["parameters"] = secrets.maskedDetail(known, parameters, object["detail"])
		}
	}
	if reason, _ := object["reason"].(string); slices.Contains(reasons(), reason) {
		masked["reason"] = reason
	}
	detail, _ := object["badRequestDetail"].(map[string]any)
	list, _ := detail["fields"].([]any)
	var fields []any
	for _, f := range list {
		violation, _ := f.(map[string]any)
		name, _ := violation["field"].(string)
		fields = append(fields, map[string]any{"field": secrets.maskedParameter(name), "description": logtext.Hidden})
	}
	if fields != nil {
		masked["badRequestDetail"] = map[string]any{"fields": fields}
	}
	return masked
}

// maskedDetail returns the text of an error with masked parameters, if the text is the usual one of the code. The text
// that follows it in the response to a request without a route is masked already.
func (s secrets) maskedDetail(code schemas.ErrorCode, parameters []any, detail any) (text string, masked []any) {
	masked = make([]any, len(parameters))
	for i, p := range parameters {
		masked[i] = s.maskedParameter(p)
	}
	usual, _ := detail.(string)
	if i := strings.LastIndex(usual, wire.NotServed); i > 0 {
		usual, text = usual[:i-1], usual[i-1:]
	}
	if len(parameters) != len(code.Parameters) || wire.NewError(code.Code, parameters...).Detail != usual {
		return logtext.Hidden, masked
	}
	return wire.NewError(code.Code, masked...).Detail + text, masked
}

func (s secrets) maskedParameter(p any) any {
	text, _ := p.(string)
	switch {
	case strings.HasPrefix(text, "/"):
		return s.withoutRepeated(logtext.Path(text))
	case s.repeatedID(text):
	case text != "" && (fieldNames()[text] || logtext.Type(text) == text || atlas.IsID(text) || logtext.Query(text) == text):
		return text
	}
	return logtext.Hidden
}

// reasons are the reason phrases of all statuses.
var reasons = sync.OnceValue(func() (all []string) {
	for status := range 600 {
		if text := http.StatusText(status); text != "" {
			all = append(all, text)
		}
	}
	return all
})
