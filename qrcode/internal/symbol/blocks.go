package symbol

// Places returns the codeword that each module of a version is part of, row by row;
// -1 for those that are part of none.
func Places(version int) []int16 {
	l := layoutOf(version)
	places := make([]int16, l.width*l.width)
	for i := range places {
		places[i] = -1
	}
	bit, all := 0, 8*codewords(version)
	put := func(x, y int) {
		if bit < all { // The last few modules of some versions hold nothing.
			places[y*l.width+x] = int16(bit / 8)
		}
		bit++
	}
	for _, r := range l.runs {
		for i := range int(r.n) {
			y := int(r.y) + i
			if r.up {
				y = int(r.y) + int(r.n) - 1 - i
			}
			put(int(r.x), y)
			if r.both {
				put(int(r.x)-1, y)
			}
		}
	}
	return places
}

// Blocks returns the block that each codeword of a symbol is part of, and how many
// wrong codewords each block repairs (table 9 of the standard).
func Blocks(version int, level Level) (blockOf []uint8, repairs int) {
	n, check := int(blocks[level][version]), int(checkwords[level][version])
	data := dataCodewords(version, level)
	blockOf = make([]uint8, codewords(version))
	for i := range blockOf {
		switch {
		case i < data-data%n: // the first of each block, the second of each, and so on
			blockOf[i] = uint8(i % n)
		case i < data: // the last of those that have one more
			blockOf[i] = uint8(n - (data - i))
		default:
			blockOf[i] = uint8((i - data) % n)
		}
	}
	return blockOf, (check - reserve(version, level)) / 2
}

// reserve is the number of codewords that the standard keeps in the smallest
// versions against reading another text than was written.
func reserve(version int, level Level) int {
	switch {
	case version == 1 && level == L:
		return 3
	case version == 1 && level == M, version == 2 && level == L:
		return 2
	case version == 1, version == 3 && level == L:
		return 1
	}
	return 0
}
