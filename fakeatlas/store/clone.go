package store

// Clone returns a copy of an integration that shares nothing with it.
func (in Integration) Clone() Integration {
	in.Fields = cloned(in.Fields)
	return in
}

// Clone returns a copy of an alert configuration that shares nothing with it.
func (a Alert) Clone() Alert {
	a.Fields = cloned(a.Fields)
	return a
}

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
