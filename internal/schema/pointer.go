package schema

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/jsonpos"
)

// tokens splits a JSON Pointer. References and the locations of jsonschema/v5 escape tokens twice: as RFC
// 6901 does, and as URLs do.
func tokens(pointer string) []string {
	if pointer == "" || pointer == "/" {
		return nil
	}
	list := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	if !strings.ContainsAny(pointer, "%~") {
		return list
	}
	for i, token := range list {
		if plain, err := url.PathUnescape(token); err == nil {
			token = plain
		}
		list[i] = jsonpos.Unescape(token)
	}
	return list
}

// index reads an array index below n.
func index(token string, n int) (int, bool) {
	i, err := strconv.Atoi(token)
	return i, err == nil && i >= 0 && i < n && strconv.Itoa(i) == token
}
