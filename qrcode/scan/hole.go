package scan

import "github.com/makiuchi-d/gozxing/qrcode/decoder"

// corner is the width of what may not be covered in a corner: of three with the
// finder pattern, its separator and the format information, and of the fourth
// with the alignment pattern, by which scanners set the code straight.
const corner = 9

// A box is what a codeword takes up, in modules, all four included.
type box struct{ left, top, right, bottom int }

// boxes returns what each codeword takes up, in the order in which they are
// placed: in columns of two from the right, upwards and downwards by turns,
// around the patterns that hold no text. One that turns from a column to the
// next has the box around both ends.
func boxes(v *decoder.Version) []box {
	n := v.GetDimensionForVersion()
	held := patterns(v)
	all := make([]box, 0, v.GetTotalCodewords())
	bits, now := 0, box{}
	up := true
	for right := n - 1; right > 0; right -= 2 {
		if right == 6 { // the column of the timing pattern
			right--
		}
		for i := range n {
			y := i
			if up {
				y = n - 1 - i
			}
			for _, x := range [...]int{right, right - 1} {
				if held[y*n+x] {
					continue
				}
				if bits == 0 {
					now = box{x, y, x, y}
				}
				now = box{min(now.left, x), min(now.top, y), max(now.right, x), max(now.bottom, y)}
				if bits++; bits == 8 {
					all, bits = append(all, now), 0
				}
			}
		}
		up = !up
	}
	return all
}

// patterns tells which modules, row by row, hold no text.
func patterns(v *decoder.Version) []bool {
	n := v.GetDimensionForVersion()
	held := make([]bool, n*n)
	cover := func(left, top, width, height int) {
		for y := top; y < top+height; y++ {
			for x := left; x < left+width; x++ {
				held[y*n+x] = true
			}
		}
	}
	cover(0, 0, corner, corner)
	cover(n-corner+1, 0, corner-1, corner)
	cover(0, n-corner+1, corner, corner-1)
	cover(6, 0, 1, n)
	cover(0, 6, n, 1)
	centers := v.GetAlignmentPatternCenters()
	for i, y := range centers {
		for j, x := range centers {
			last := len(centers) - 1
			if i == 0 && (j == 0 || j == last) || i == last && j == 0 {
				continue // a finder pattern is there
			}
			cover(x-2, y-2, 5, 5)
		}
	}
	if v.GetVersionNumber() >= 7 {
		cover(n-11, 0, 3, 6)
		cover(0, n-11, 6, 3)
	}
	return held
}

// placed returns the boxes of each block's codewords, data before parity.
func placed(v *decoder.Version, level decoder.ErrorCorrectionLevel) ([][]box, error) {
	all := boxes(v)
	// Codewords are placed by turns, one of each block. The decoder sorts them back;
	// given their numbers in two halves, it tells where each belongs.
	low, high := make([]byte, len(all)), make([]byte, len(all))
	for i := range all {
		low[i], high[i] = byte(i), byte(i>>8)
	}
	lows, err := decoder.DataBlock_GetDataBlocks(low, v, level)
	if err != nil {
		return nil, err
	}
	highs, err := decoder.DataBlock_GetDataBlocks(high, v, level)
	if err != nil {
		return nil, err
	}
	blocks := make([][]box, len(lows))
	for b := range lows {
		for i, l := range lows[b].GetCodewords() {
			blocks[b] = append(blocks[b], all[int(highs[b].GetCodewords()[i])<<8|int(l)])
		}
	}
	return blocks, nil
}

// hole returns the side of the greatest square that may be lost wherever it
// lies but over a corner, as all smaller ones may: no block has more codewords
// that are wrong or touched by it than it repairs.
func hole(n int, blocks []Block, boxes [][]box, wrong [][]bool) int {
	sums := make([]int16, n*n)
	for side := 1; ; side++ {
		w := n - side + 1 // squares are told apart by their top left module
		// A square that begins in a row or column from low on, before high, is clear
		// of the corners.
		low, high := corner, n-corner-side+1
		if low >= high {
			return side - 1
		}
		for b, block := range blocks {
			touched(sums[:w*w], w, side, boxes[b], wrong[b])
			for y := range w {
				from, to := 0, w
				if y < low || y >= high {
					from, to = low, high
				}
				for x := from; x < to; x++ {
					if int(sums[y*w+x]) > block.Most-block.Wrong {
						return side - 1
					}
				}
			}
		}
	}
}

// touched counts, for each place of a square in w rows and columns, the
// codewords of a block that it touches, less those that are wrong already.
func touched(sums []int16, w, side int, boxes []box, wrong []bool) {
	// A codeword is touched by the squares that begin in a rectangle. The corners of
	// the rectangles are noted; the sums over rows and columns count the rectangles
	// at each place.
	clear(sums)
	for i, b := range boxes {
		left, top, right, bottom := max(0, b.left-side+1), max(0, b.top-side+1), b.right+1, b.bottom+1
		if wrong[i] || left >= w || top >= w {
			continue
		}
		sums[top*w+left]++
		if right < w {
			sums[top*w+right]--
		}
		if bottom < w {
			sums[bottom*w+left]--
		}
		if right < w && bottom < w {
			sums[bottom*w+right]++
		}
	}
	for y := range w {
		run, row := int16(0), sums[y*w:(y+1)*w]
		for x, d := range row {
			run += d
			row[x] = run
		}
		if y > 0 {
			for x, above := range sums[(y-1)*w : y*w] {
				row[x] += above
			}
		}
	}
}
