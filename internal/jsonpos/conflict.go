package jsonpos

import (
	"bytes"
	"regexp"
	"sync"
)

// conflictLine matches a line that git writes into a file with a merge conflict.
var conflictLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^(?:(?:<{7}|>{7}|\|{7})(?: .*)?|={7})\r?$`)
})

// ConflictFault returns the fault of the first line of a merge conflict in data that is neither JSON nor YAML, nil if
// there is none.
func ConflictFault(data []byte) *SyntaxError {
	at := conflictLine().FindIndex(data)
	if at == nil {
		return nil
	}
	end := at[0] + len(bytes.TrimRight(data[at[0]:at[1]], "\r"))
	return fault(at[0], end, "a merge conflict",
		"keep one of its two versions, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>")
}
