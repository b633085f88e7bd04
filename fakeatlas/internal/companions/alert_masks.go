package companions

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
)

// owners returns the stored notification whose secrets each sent one keeps, nil for none: the one with its ID, else one
// of its type that has all its masks. Where several fit, the one with the fewest other values wins, then the one at the
// same position, then the first. Two sent ones share a stored one only if there are not enough.
func (r relations) owners(list []any) []map[string]any {
	owners, used := make([]map[string]any, len(list)), make([]bool, len(r.old))
	for i, item := range list {
		if k := r.indexOfSame(item.(map[string]any)); k >= 0 {
			owners[i], used[k] = r.stored(k), true
		}
	}
	pairs := r.pairs(list)
	for _, shared := range []bool{false, true} {
		for _, p := range pairs {
			if owners[p.sent] == nil && (shared || !used[p.stored]) {
				owners[p.sent], used[p.stored] = r.stored(p.stored), true
			}
		}
	}
	return owners
}

// pair has the indexes of a sent notification without the ID of a stored one, and of a stored one with all its masks.
type pair struct {
	sent, stored int
	differences  int // the number of fields with other values
	moved        int // 1 if they have other positions, else 0
}

// pairs returns the pairs of notifications that fit, the best first. If as many sent ones as stored ones have the same
// masks, the position is that among them: others were added or removed. Else it is that in the list.
func (r relations) pairs(list []any) (found []pair) {
	groups := map[string][]int{} // the sent ones, by the stored ones that fit
	for i, item := range list {
		n := item.(map[string]any)
		if fitting := r.fitting(n); len(fitting) > 0 && r.indexOfSame(n) < 0 {
			groups[fmt.Sprint(fitting)] = append(groups[fmt.Sprint(fitting)], i)
		}
	}
	for _, group := range groups {
		fitting := r.fitting(list[group[0]].(map[string]any))
		for g, i := range group {
			for f, k := range fitting {
				p := pair{sent: i, stored: k, differences: differences(list[i].(map[string]any), r.stored(k)), moved: 1}
				if len(group) == len(fitting) && g == f || len(group) != len(fitting) && i == k {
					p.moved = 0
				}
				found = append(found, p)
			}
		}
	}
	slices.SortFunc(found, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.differences, b.differences), cmp.Compare(a.moved, b.moved),
			cmp.Compare(a.sent, b.sent), cmp.Compare(a.stored, b.stored))
	})
	return found
}

// fitting returns the indexes of the stored notifications that have the masks of a sent one, none if it has no masks.
func (r relations) fitting(n map[string]any) (indexes []int) {
	for k := range r.old {
		if hasMask(n) && r.fits(r.stored(k), n) {
			indexes = append(indexes, k)
		}
	}
	return indexes
}

// hasMask reports whether a secret of a notification was sent as a mask.
func hasMask(n map[string]any) bool {
	for field := range masks {
		if text, sent := n[field].(string); sent && isMask(field, text) {
			return true
		}
	}
	return false
}

// fits reports whether a stored notification has the type and all masks of a sent one.
func (r relations) fits(stored, n map[string]any) bool {
	for field := range masks {
		if text, sent := n[field].(string); sent && isMask(field, text) && !r.has(stored, n, field, text) {
			return false
		}
	}
	return stored["typeName"] == n["typeName"]
}

// has reports whether responses show a secret of a stored notification as the mask that was sent for it.
func (r relations) has(stored, n map[string]any, field, sent string) bool {
	if secret, own := stored[field].(string); own {
		return mask(field, secret) == sent
	}
	return r.inherits(n, field, sent)
}

// differences returns the number of fields of two notifications of a type that have other values, without IDs and the
// masks that were sent.
func differences(n, stored map[string]any) (count int) {
	typ := notificationTypes[n["typeName"].(string)]
	for _, field := range append([]string{typ.key, "delayMin", "intervalMin", "integrationId"}, typ.fields...) {
		if text, sent := n[field].(string); sent && masks[field] != "" && isMask(field, text) {
			continue
		}
		if !reflect.DeepEqual(n[field], stored[field]) {
			count++
		}
	}
	return count
}

// stored returns the stored notification with an index.
func (r relations) stored(i int) map[string]any {
	n, _ := r.old[i].(map[string]any)
	return n
}

// indexOfSame returns the index of the stored notification with the ID and the type of a sent one, -1 if there is none.
func (r relations) indexOfSame(n map[string]any) int {
	return slices.IndexFunc(r.old, func(item any) bool {
		stored, _ := item.(map[string]any)
		return n["notifierId"] != nil && stored["notifierId"] == n["notifierId"] && stored["typeName"] == n["typeName"]
	})
}
