package rbac

import "fmt"

// longestEcho is how much of an unknown name an error repeats, in bytes.
const longestEcho = 64

// unknown returns the error for a name that is none of the known ones: what
// was given, and the nearest known name or where to find one.
func unknown(sentinel error, given string, known []string, where string) error {
	if len(given) > longestEcho {
		return fmt.Errorf("%w %q...: %s", sentinel, given[:longestEcho], where)
	}
	best, nearest := len(given)/3+1, ""
	for _, name := range known {
		if d := distance(given, name); d < best {
			best, nearest = d, name
		}
	}
	if nearest != "" {
		return fmt.Errorf("%w %q: did you mean %s", sentinel, given, nearest)
	}
	return fmt.Errorf("%w %q: %s", sentinel, given, where)
}

// unknownNumber is the error for a permission that a matrix does not have.
func unknownNumber(p Permission) error {
	return fmt.Errorf("%w: number %d is not in the matrix; define it in Edits when building the platform", ErrPermission, uint8(p))
}

// distance counts the bytes to insert, delete or replace to turn a into b.
func distance(a, b string) int {
	line := make([]int, len(b)+1)
	for j := range line {
		line[j] = j
	}
	for i := range len(a) {
		diagonal := line[0]
		line[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = line[j+1]
			line[j+1] = min(cost, line[j]+1, diagonal+1)
		}
	}
	return line[len(b)]
}
