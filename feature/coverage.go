package feature

import "slices"

// Uncovered returns those of the JSAPIs that are in none of the features, in the
// order in which they are given; nil if all are in one (V3).
func Uncovered(jsapis []string, features []Feature) (uncovered []string) {
	for _, name := range jsapis {
		has := func(f Feature) bool { return slices.Contains(f.JSAPIs, name) }
		if !slices.ContainsFunc(features, has) {
			uncovered = append(uncovered, name)
		}
	}
	return uncovered
}
