package redact

// Values returns a decoded JSON value with every text and every number replaced by [Hidden], as each may be a secret.
// It keeps null, true, false and empty texts, and the names of members that are too short for a secret. The result
// shares nothing with value.
func Values(value any) any {
	switch v := value.(type) {
	case nil, bool:
		return v
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = Values(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, member := range v {
			object[Plain(name)] = Values(member)
		}
		return object
	case string:
		if v == "" {
			return v
		}
	}
	return Hidden
}

// HasHidden reports whether a text of a decoded JSON value is [Hidden], so that the value was masked before.
func HasHidden(value any) bool {
	switch v := value.(type) {
	case string:
		return v == Hidden
	case []any:
		for _, element := range v {
			if HasHidden(element) {
				return true
			}
		}
	case map[string]any:
		for _, member := range v {
			if HasHidden(member) {
				return true
			}
		}
	}
	return false
}
