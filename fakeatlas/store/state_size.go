package store

import "fmt"

// The limits of a snapshot. A decoded project needs about 600 bytes, even if it is empty.
const (
	maxProjects = 500_000
	maxObjects  = 4_000_000
)

// checkSize returns an error if a snapshot, which is valid JSON, has too many projects or objects. It counts them
// before they are decoded, because an empty object needs many times its size in memory.
func checkSize(data []byte) error {
	projects, objects := countSnapshot(data)
	switch {
	case projects > maxProjects:
		return tooMany(maxProjects, "projects")
	case objects > maxObjects:
		return tooMany(maxObjects, "objects")
	}
	return nil
}

func tooMany(limit int, what string) error {
	return &SnapshotError{
		Reason: fmt.Sprintf("the snapshot has more than %d %s", limit, what),
		Hint:   "select fewer projects when you take it",
	}
}

// projectDepth is the number of objects around the members of the member projects.
const projectDepth = 2

// countSnapshot returns the number of members at the depth of projects, and the number of all objects.
func countSnapshot(data []byte) (projects, objects int) {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = endOfText(data, i)
		case '{':
			objects++
			depth++
		case '[':
			depth++
		case '}', ']':
			depth--
		case ':':
			if depth == projectDepth {
				projects++
			}
		}
	}
	return projects, objects
}

// endOfText returns the index of the quote that ends the text of JSON that begins at an index.
func endOfText(data []byte, start int) int {
	for i := start + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(data)
}
