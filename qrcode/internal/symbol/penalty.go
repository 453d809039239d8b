package symbol

import "math/bits"

// The weights N1 to N4 of the standard (table 11).
const (
	weightRun    = 3
	weightSquare = 3
	weightFinder = 40
	weightDark   = 10
)

// penalty is by how much a symbol looks like what disturbs readers, both planes
// showing the same symbol:
//
//   - N1 for each run of five or more modules of a colour in a row or column, and
//     one more for each module beyond five;
//   - N2 for each square of two by two modules of a colour, overlapping or not;
//   - N3 for each 1011101 with 0000 before it, and for each with 0000 behind it,
//     in a row or column (the quiet zone does not count);
//   - N4 for each whole 5 percent by which the dark modules are off one half.
//
// A word of a line is counted at once: shifted by k it shows, in the place of
// each module, the one k further on. Words are taken one column of words after
// the other, so that width needs no cases.
func penalty(rows, cols *plane, n int) int {
	words := (n + 63) / 64
	dark, points := 0, 0
	for i := range words {
		w := rows[i][:n]
		if i == words-1 {
			inside := ^uint64(0) >> uint(64*words-n)
			points += lastRuns(w, inside) + lastRuns(cols[i][:n], inside)
			points += weightSquare * squares(w, nil, inside>>1)
		} else {
			inside := ^uint64(0)
			if i == words-2 {
				inside >>= uint(64*words - n)
			}
			points += runs(w, rows[i+1][:n], inside) + runs(cols[i][:n], cols[i+1][:n], inside)
			points += weightSquare * squares(w, rows[i+1][:n], ^uint64(0))
		}
		for _, x := range w {
			dark += bits.OnesCount64(x)
		}
	}
	return points + darkness(dark, n*n)
}

// darkness is N4.
func darkness(dark, total int) int {
	off := 2*dark - total
	return max(off, -off) * 10 / total * weightDark
}

// lastRuns is N1 and N3 for what begins in the last words of lines, whose
// modules are those of inside.
func lastRuns(words []uint64, inside uint64) int {
	points, finders := 0, 0
	for _, w := range words {
		light := ^w & inside
		// The next module is the same; so are the next four.
		same := ^(w ^ w>>1) & (inside >> 1)
		same &= same >> 1
		same &= same >> 2
		// A run of n >= 5 leaves n-4 of them, and one end: n-4+2 = 3+n-5.
		points += bits.OnesCount64(same) + (weightRun-1)*bits.OnesCount64(same&^(same>>1))

		part := w & (light >> 1) & (w >> 2)     // 101
		finder := part & (w >> 3) & (part >> 4) // 1011101
		quiet := light & (light >> 1)           // 00
		quiet &= quiet >> 2                     // 0000
		ahead, behind := quiet&(finder>>4), finder&(quiet>>7)
		if ahead|behind != 0 {
			finders += bits.OnesCount64(ahead) + bits.OnesCount64(behind)
		}
	}
	return points + weightFinder*finders
}

// runs is the same for words that others follow, whose modules are those of
// inside. In the names, 2 is for the words that follow.
func runs(words, next []uint64, inside uint64) int {
	points, finders := 0, 0
	next = next[:len(words)]
	for i, w := range words {
		w2 := next[i]
		light, light2 := ^w, ^w2&inside
		same, same2 := ^(w ^ (w>>1 | w2<<63)), ^(w2^w2>>1)&(inside>>1)
		same, same2 = same&(same>>1|same2<<63), same2&(same2>>1)
		same, same2 = same&(same>>2|same2<<62), same2&(same2>>2)
		points += bits.OnesCount64(same) + (weightRun-1)*bits.OnesCount64(same&^(same>>1|same2<<63))

		part, part2 := w&(light>>1|light2<<63)&(w>>2|w2<<62), w2&(light2>>1)&(w2>>2)
		finder, finder2 := part&(w>>3|w2<<61)&(part>>4|part2<<60), part2&(w2>>3)&(part2>>4)
		quiet, quiet2 := light&(light>>1|light2<<63), light2&(light2>>1)
		quiet, quiet2 = quiet&(quiet>>2|quiet2<<62), quiet2&(quiet2>>2)
		ahead, behind := quiet&(finder>>4|finder2<<60), finder&(quiet>>7|quiet2<<57)
		if ahead|behind != 0 {
			finders += bits.OnesCount64(ahead) + bits.OnesCount64(behind)
		}
	}
	return points + weightFinder*finders
}

// squares counts the squares of two by two modules of a colour whose left half
// is in words, one of each row. In next are the words that follow, if any.
// Squares begin where starts has bits.
func squares(words, next []uint64, starts uint64) int {
	count := 0
	var above, sameAbove uint64
	for y, w := range words {
		shifted := w >> 1
		if next != nil {
			shifted |= next[y] << 63
		}
		same := ^(w ^ shifted) & starts
		count += bits.OnesCount64(same & sameAbove &^ (w ^ above))
		above, sameAbove = w, same
	}
	return count
}
