package fakeatlas

import "github.com/atlasint/atlasint/fakeatlas/store"

// cloned copies fields at any depth, nil fields as nil.
func cloned(fields map[string]any) map[string]any {
	if fields == nil {
		return nil
	}
	return clonedValue(fields).(map[string]any)
}

func clonedValue(value any) any {
	switch value := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(value))
		for name, member := range value {
			object[name] = clonedValue(member)
		}
		return object
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = clonedValue(element)
		}
		return list
	}
	return value
}

// own gives integrations fields that are not the store's.
func own(list []store.Integration) {
	for i := range list {
		list[i].Fields = cloned(list[i].Fields)
	}
}

// ownAlerts gives alert configurations fields that are not the store's.
func ownAlerts(list []store.Alert) {
	for i := range list {
		list[i].Fields = cloned(list[i].Fields)
	}
}
