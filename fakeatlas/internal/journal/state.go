package journal

import (
	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/logtext"
)

// MaskedState returns the JSON of a state with the secrets of its integrations masked, and with everything hidden
// that has no description.
func MaskedState(state store.State) any {
	document, _ := decode(wire.Encode(state)).(map[string]any)
	projects, _ := document["projects"].(map[string]any)
	for _, value := range projects {
		contents, _ := value.(map[string]any)
		for name, member := range contents {
			contents[name] = maskedMember(name, member)
		}
	}
	return document
}

func maskedMember(name string, member any) any {
	switch name {
	case "project", "deleted":
		return member
	case "integrations":
		return each(member, maskedIntegration)
	case "alerts":
		return each(member, maskedAlert)
	}
	return logtext.Hidden
}

func maskedAlert(element any) any {
	alert, _ := element.(map[string]any)
	fields, _ := alert["fields"].(map[string]any)
	body := bodiesOf("createGroupAlertConfig").request
	alert["fields"] = mask{accepted: true, secrets: secretsOfFields(body, fields)}.object(body, fields)
	return alert
}

func maskedIntegration(element any) any {
	integration, _ := element.(map[string]any)
	name, _ := integration["type"].(string)
	fields, _ := integration["fields"].(map[string]any)
	typ := typeOf(schemas.V2, name)
	if typ == nil {
		return logtext.Hidden
	}
	integration["fields"] = mask{accepted: true, secrets: secretsOfFields(typ.Payload, fields)}.object(typ.Payload, fields)
	return integration
}

// each replaces the elements of a list with the results of change.
func each(member any, change func(any) any) any {
	list, _ := member.([]any)
	for i, element := range list {
		list[i] = change(element)
	}
	return list
}
