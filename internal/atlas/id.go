package atlas

import "strings"

// IsID reports whether s is the ID of a project or of an integration: 24 hexadecimal digits in lower case.
func IsID(s string) bool { return len(s) == 24 && strings.Trim(s, "0123456789abcdef") == "" }

// IDForm describes the form of an ID in messages.
const IDForm = "24 hexadecimal digits in lower case"
