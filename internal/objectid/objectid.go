// Package objectid tells the ids of Atlas, those of projects and of integrations: 24 hexadecimal digits in
// lower case.
package objectid

import "strings"

// Is tells whether a text is an id.
func Is(s string) bool { return len(s) == 24 && strings.Trim(s, "0123456789abcdef") == "" }
