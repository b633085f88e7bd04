// Package nearmiss describes requests that a server has no route for: their path as the pattern of a stub, and the
// routes that are similar.
package nearmiss

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/logtext"
	"github.com/atlasint/atlasint/internal/suggest"
)

// idNames are the wildcards for an ID, by the segment before it.
var idNames = map[string]string{"groups": "groupId", "orgs": "orgId", "teams": "teamId"}

// Pattern returns the pattern of a stub for an escaped path. Segments that are not shown in logs are wildcards, and so
// are IDs. A long path ends in {rest...}.
func Pattern(escaped string) string {
	shown := logtext.Path(escaped)
	cut := strings.HasSuffix(shown, "...")
	segments := strings.Split(strings.Trim(shown, "/"), "/")
	used := map[string]int{}
	for i, segment := range segments {
		name := "name"
		segment, verb := logtext.CutVerb(segment)
		switch {
		case atlas.IsID(segment) && i > 0:
			name = cmp.Or(idNames[segments[i-1]], "id")
		case segment != logtext.Hidden:
			continue
		}
		if used[name]++; used[name] > 1 {
			name += strconv.Itoa(used[name])
		}
		segments[i] = "{" + name + "}" + verb
	}
	if cut {
		segments[len(segments)-1] = "{rest...}"
	}
	return "/" + strings.Join(segments, "/")
}

// The limits of a comparison.
const (
	maxSimilar  = 3  // routes
	maxSegments = 20 // of a path
)

// Similar returns the routes that have the most segments in common with a request: those of its method, or of all
// methods if there are none. If that is more than three routes, it returns none: they have nothing specific in common.
// Routes are patterns such as "GET /api/atlas/v2/groups/{groupId}".
func Similar(routes []string, method, path string) []string {
	segments := strings.SplitN(strings.Trim(path, "/"), "/", maxSegments)
	best, similar := 0, []string{}
	for _, route := range routes {
		_, pattern, _ := strings.Cut(route, " ")
		switch n := common(strings.Split(strings.Trim(pattern, "/"), "/"), segments); {
		case n > best:
			best, similar = n, []string{route}
		case n == best && n > 0:
			similar = append(similar, route)
		}
	}
	otherMethod := func(route string) bool { return !strings.HasPrefix(route, method+" ") }
	if same := slices.DeleteFunc(slices.Clone(similar), otherMethod); len(same) > 0 {
		similar = same
	}
	if len(similar) > maxSimilar {
		return nil
	}
	slices.Sort(similar)
	return similar
}

// Longer returns the route of a method whose path has one more segment at its end, a wildcard; "" if there is none.
func Longer(routes []string, method, path string) string {
	segments := strings.SplitN(strings.Trim(path, "/"), "/", maxSegments)
	i := slices.IndexFunc(routes, func(route string) bool {
		verb, pattern, _ := strings.Cut(route, " ")
		parts := strings.Split(strings.Trim(pattern, "/"), "/")
		last := len(parts) - 1
		return verb == method && last == len(segments) && strings.HasPrefix(parts[last], "{") &&
			slices.EqualFunc(parts[:last], segments, func(part, segment string) bool { return part == segment || strings.HasPrefix(part, "{") })
	})
	if i < 0 {
		return ""
	}
	return routes[i]
}

// The weights of a segment that a path has in common with a route.
const (
	equal      = 6
	misspelled = 4
	wildcard   = 3
	version    = 2
	surplus    = 1 // of a segment that they don't have in common; subtracted
)

// common measures how much of a path is in common with a route, from the beginning on. It is 0 if the common part is
// one that nearly all routes have, or no more than a project or an organization.
func common(route, path []string) int {
	n, matched, specific, below := 0, 0, false, false
	for i := range min(len(route), len(path)) {
		weight := weightOf(route[i], path[i])
		if weight == 0 {
			break
		}
		n, matched = n+weight, i+1
		isWord := weight == equal || weight == misspelled
		specific, below = specific || i > 2 && isWord, below || i > 4 && isWord
	}
	if whole := matched == max(len(route), len(path)); !specific || !below && !whole {
		return 0
	}
	return n - surplus*(len(route)+len(path)-2*matched)
}

func weightOf(route, path string) int {
	switch {
	case route == path:
		return equal
	case strings.HasPrefix(route, "{"):
		return wildcard
	case isVersion(route) && isVersion(path):
		return version
	case logtext.Path(path) == logtext.Hidden && suggest.Nearest(path, []string{route}) != "": // no endpoint has it
		return misspelled
	}
	return 0
}

// isVersion reports whether a segment is an API version, such as v1.5.
func isVersion(s string) bool {
	return len(s) > 1 && s[0] == 'v' && strings.Trim(s[1:], "0123456789.") == ""
}
