package symbol

// The versions, from 21 to 177 modules a side.
const (
	minVersion = 1
	maxVersion = 40
)

// checkwords is table 9 of the standard: the error correction codewords of each
// block, by level and version.
var checkwords = [4][maxVersion + 1]uint8{
	L: {0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	M: {0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28},
	Q: {0, 13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
	H: {0, 17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30},
}

// blocks is the same table's number of blocks.
var blocks = [4][maxVersion + 1]uint8{
	L: {0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25},
	M: {0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49},
	Q: {0, 1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68},
	H: {0, 1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81},
}

// width is the number of modules of a side.
func width(version int) int { return 17 + 4*version }

// freeModules is how many modules the function patterns, format and version
// information leave.
func freeModules(version int) int {
	n := (16*version+128)*version + 64
	if version >= 2 {
		a := version/7 + 2
		n -= (25*a-10)*a - 55
	}
	if version >= 7 {
		n -= 36
	}
	return n
}

// codewords is how many bytes a symbol has, data and error correction.
func codewords(version int) int { return freeModules(version) / 8 }

// dataCodewords is how many of them are data.
func dataCodewords(version int, level Level) int {
	return codewords(version) - int(blocks[level][version])*int(checkwords[level][version])
}

// least returns the least version from first to last whose symbols of the level
// hold so many bits, or 0 if none does.
func least(bits, first, last int, level Level) int {
	for v := first; v <= last; v++ {
		if bits <= 8*dataCodewords(v, level) {
			return v
		}
	}
	return 0
}

// raised returns the highest level, not below the given one, at which the
// version still holds so many bits.
func raised(bits, version int, level Level) Level {
	for level < H && bits <= 8*dataCodewords(version, level+1) {
		level++
	}
	return level
}

// alignments returns the middles of the alignment patterns, the same in both
// directions; none in version 1 (annex E).
func alignments(version int) []int {
	if version == 1 {
		return nil
	}
	n := version/7 + 2
	step := 26
	if version != 32 { // The one version whose spacing follows no rule.
		step = (4*version + 2*n + 1) / (2*n - 2) * 2
	}
	middles := make([]int, n)
	for i := range middles {
		middles[n-1-i] = width(version) - 7 - i*step
	}
	middles[0] = 6
	return middles
}

// formatBits are the 15 bits that name level and mask: five, a BCH (15,5)
// remainder, and a mask so that they are never all light (annex C).
func formatBits(level Level, mask int) uint {
	data := [4]uint{L: 1, M: 0, Q: 3, H: 2}[level]<<3 | uint(mask)
	return (data<<10 | remainder(data<<10, 0x537)) ^ 0x5412
}

// versionBits are the 18 bits that name a version from 7 on: six and a BCH
// (18,6) remainder (annex D).
func versionBits(version int) uint {
	return uint(version)<<12 | remainder(uint(version)<<12, 0x1f25)
}

// remainder is that of polynomials over two elements.
func remainder(dividend, divisor uint) uint {
	top := uint(1)
	for top<<1 <= divisor {
		top <<= 1
	}
	for bit := uint(1) << 17; bit >= top; bit >>= 1 {
		if dividend&bit != 0 {
			dividend ^= divisor * (bit / top)
		}
	}
	return dividend
}
