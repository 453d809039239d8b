package main

import (
	"fmt"
	"strings"
)

// table writes the medians as Markdown, a table for each kind of work. A share is
// our time divided by the peer's.
func table(all []work, got []measured) string {
	var b strings.Builder
	index := map[key]int{}
	for i, c := range all {
		index[c.key] = i
	}
	for _, kind := range kinds {
		fmt.Fprintf(&b, "%s, links of %s bytes:\n\n", kind, overSizes(func(s int) string { return fmt.Sprint(s) }))
		b.WriteString("| | µs | our time is | allocations | bytes |\n|---|---|---|---|---|\n")
		for _, peer := range peers {
			if _, ok := index[key{kind, peer, sizes[0]}]; !ok {
				continue
			}
			at := func(peer string, size int) int { return index[key{kind, peer, size}] }
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", peer,
				overSizes(func(s int) string { return digits(got[at(peer, s)].median()) }),
				overSizes(func(s int) string {
					return fmt.Sprintf("%.3gx", got[at(ours, s)].median()/got[at(peer, s)].median())
				}),
				overSizes(func(s int) string { return fmt.Sprint(got[at(peer, s)].allocs) }),
				overSizes(func(s int) string { return fmt.Sprint(all[at(peer, s)].bytes) }))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// overSizes writes something of each size.
func overSizes(what func(size int) string) string {
	parts := make([]string, len(sizes))
	for i, size := range sizes {
		parts[i] = what(size)
	}
	return strings.Join(parts, " / ")
}

// digits writes a number with the three digits that mean something.
func digits(x float64) string {
	switch {
	case x < 10:
		return fmt.Sprintf("%.2f", x)
	case x < 100:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}
