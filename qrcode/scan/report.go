package scan

import (
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
)

// A Report tells how a code was read, and what it still survives.
//
// A code keeps its text in codewords of eight modules each, and those in blocks
// that repair themselves up to a number of wrong codewords. Neighbours belong to
// different blocks, so that damage in one place is shared among them.
type Report struct {
	// Version is 1 to 40; Level is "L", "M", "Q" or "H".
	Version int
	Level   string
	// Modules is how many modules a side has, without the quiet zone.
	Modules int
	// Blocks are the blocks of the code, in its order.
	Blocks []Block
	// Hole is the side, in modules, of the greatest square that may still be
	// covered or torn out, in any one place but the four corners (nine modules wide
	// and high), without which a scanner finds no code at all. Every codeword that
	// a square touches counts as lost, so that this is a lower limit.
	Hole int
}

// A Block is a part of a code that repairs itself.
type Block struct {
	// Codewords is its length, Wrong how many of them were read wrong, Most how
	// many wrong ones it repairs by the standard. Wrong may exceed Most by one or
	// two in the smallest versions, where the standard keeps a reserve that readers
	// do not.
	Codewords, Wrong, Most int
}

// Spare is the share of the block that may still be lost, from 0 to a third.
func (b Block) Spare() float64 {
	return float64(max(0, b.Most-b.Wrong)) / float64(b.Codewords)
}

// Spare is the share of the code that may still be lost if the damage falls on
// all blocks alike: that of the block that is worst off, from 0 to a third.
func (r Report) Spare() float64 {
	least := 1.0
	for _, b := range r.Blocks {
		least = min(least, b.Spare())
	}
	return least
}

// Wrong is the share of the code that was read wrong and repaired: what a logo
// covers, stains, modules that run into each other. It is 0 for a clean picture.
func (r Report) Wrong() float64 {
	var wrong, all int
	for _, b := range r.Blocks {
		wrong += b.Wrong
		all += b.Codewords
	}
	return float64(wrong) / float64(max(1, all))
}

// measure compares what was sampled with what the error correction makes of it.
// The error is ErrDamaged for a grid that cannot be read.
func measure(grid *gozxing.BitMatrix) (Report, error) {
	parser, err := decoder.NewBitMatrixParser(clone(grid)) // which unmasks what it is given
	if err != nil {
		return Report{}, ErrDamaged
	}
	format, err := parser.ReadFormatInformation()
	if err != nil {
		return Report{}, ErrDamaged
	}
	version, err := parser.ReadVersion()
	if err != nil {
		return Report{}, ErrDamaged
	}
	codewords, err := parser.ReadCodewords()
	if err != nil {
		return Report{}, ErrDamaged
	}
	level := format.GetErrorCorrectionLevel()
	blocks, err := decoder.DataBlock_GetDataBlocks(codewords, version, level)
	if err != nil {
		return Report{}, ErrDamaged
	}
	r := Report{Version: version.GetVersionNumber(), Level: level.String(), Modules: version.GetDimensionForVersion()}
	var wrong [][]bool
	for _, b := range blocks {
		bad, err := errorsOf(b)
		if err != nil {
			return Report{}, ErrDamaged
		}
		parity := len(bad) - b.GetNumDataCodewords()
		block := Block{Codewords: len(bad), Most: (parity - reserve(r.Version, r.Level)) / 2}
		for _, is := range bad {
			if is {
				block.Wrong++
			}
		}
		r.Blocks = append(r.Blocks, block)
		wrong = append(wrong, bad)
	}
	boxes, err := placed(version, level)
	if err != nil {
		return Report{}, ErrDamaged
	}
	r.Hole = hole(r.Modules, r.Blocks, boxes, wrong)
	return r, nil
}

// errorsOf tells which codewords of a block are wrong.
func errorsOf(b *decoder.DataBlock) (wrong []bool, err error) {
	read := b.GetCodewords()
	right := make([]int, len(read))
	for i, c := range read {
		right[i] = int(c)
	}
	rs := reedsolomon.NewReedSolomonDecoder(reedsolomon.GenericGF_QR_CODE_FIELD_256)
	if e := rs.Decode(right, len(read)-b.GetNumDataCodewords()); e != nil {
		return nil, e
	}
	wrong = make([]bool, len(read))
	for i, c := range read {
		wrong[i] = int(c) != right[i]
	}
	return wrong, nil
}

// reserve is the number of codewords that the standard keeps in the smallest
// versions against reading another text than was written.
func reserve(version int, level string) int {
	switch {
	case version == 1 && level == "L":
		return 3
	case version == 1 && level == "M", version == 2 && level == "L":
		return 2
	case version == 1, version == 3 && level == "L":
		return 1
	}
	return 0
}
