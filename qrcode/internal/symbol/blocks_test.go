package symbol_test

import (
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// TestPlacesAndBlocks takes each codeword of each version and level for its number
// and looks which block a decoder puts it into.
func TestPlacesAndBlocks(t *testing.T) {
	t.Parallel()
	for number := 1; number <= 40; number++ {
		version, err := decoder.Version_GetVersionForNumber(number)
		require.NoError(t, err)
		modules := make(map[int16]int)
		for _, w := range symbol.Places(number) {
			modules[w]++
		}
		delete(modules, -1)
		require.Len(t, modules, version.GetTotalCodewords(), "version %d", number)
		for w, n := range modules {
			require.Equal(t, 8, n, "modules of codeword %d of version %d", w, number)
		}
		for level, theirs := range zxingLevels {
			blockOf, repairs := symbol.Blocks(number, level)
			require.Len(t, blockOf, version.GetTotalCodewords())
			for _, half := range []int{0, 8} { // A decoder's codewords are bytes, ours have up to twelve bits.
				raw := make([]byte, len(blockOf))
				for i := range raw {
					raw[i] = byte(i >> half)
				}
				blocks, err := decoder.DataBlock_GetDataBlocks(raw, version, theirs)
				require.NoError(t, err)
				sorted := make([][]byte, len(blocks))
				for i, b := range blockOf {
					sorted[b] = append(sorted[b], raw[i])
				}
				for b, block := range blocks {
					require.Equal(t, block.GetCodewords(), sorted[b], "block %d of version %d", b, number)
					check := len(sorted[b]) - block.GetNumDataCodewords()
					require.LessOrEqual(t, repairs, check/2)
					require.GreaterOrEqual(t, repairs, (check-3)/2)
				}
			}
		}
	}
}

// TestPlacesAgreeWithTheEncoder changes a byte and looks which codewords that
// changes: one or two of data, and those of error correction of their blocks.
func TestPlacesAgreeWithTheEncoder(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, n := range []int{17, 20, 50, 100, 200, 300, 500, 1000, 2000} {
		text := strings.Repeat("a", n)
		a, err := symbol.Encode(text, symbol.L, false)
		require.NoError(t, err)
		b, err := symbol.Encode(text[:n-1]+"b", symbol.L, false)
		require.NoError(t, err)
		if a.Mask != b.Mask {
			continue
		}
		compared++
		places := symbol.Places(a.Version)
		blockOf, _ := symbol.Blocks(a.Version, a.Level)
		changed, blocks := map[int16]bool{}, map[uint8]bool{}
		for y := range a.Size() {
			for x := range a.Size() {
				if a.Dark(x, y) != b.Dark(x, y) {
					w := places[y*a.Size()+x]
					require.NotEqual(t, int16(-1), w, "no pattern changes")
					changed[w], blocks[blockOf[w]] = true, true
				}
			}
		}
		require.LessOrEqual(t, len(blocks), 2, "of %d bytes", n)
		require.Greater(t, len(changed), len(blocks), "of %d bytes", n)
	}
	require.Greater(t, compared, 2)
}
