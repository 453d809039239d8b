package symbol_test

import (
	"sync"
	"testing"

	"github.com/makiuchi-d/gozxing/common/reedsolomon"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// TestTables compares with gozxing's, which are those of the standard.
func TestTables(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 40; version++ {
		v, err := decoder.Version_GetVersionForNumber(version)
		require.NoError(t, err)
		require.Equal(t, v.GetTotalCodewords(), symbol.Codewords(version))
		require.ElementsMatch(t, v.GetAlignmentPatternCenters(), symbol.Alignments(version))
		for _, level := range levels {
			b := v.GetECBlocksForLevel(zxingLevels[level])
			require.EqualValues(t, b.GetNumBlocks(), symbol.BlockCounts[level][version])
			require.EqualValues(t, b.GetECCodewordsPerBlock(), symbol.Checkwords[level][version])
			require.Equal(t, v.GetTotalCodewords()-b.GetTotalECCodewords(), symbol.DataCodewords(version, level))
		}
	}
}

// TestFormatBits has table C.1, by the five bits of data.
func TestFormatBits(t *testing.T) {
	t.Parallel()
	table := []uint{
		0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0, 0x77c4, 0x72f3, 0x7daa, 0x789d, 0x662f, 0x6318, 0x6c41, 0x6976,
		0x1689, 0x13be, 0x1ce7, 0x19d0, 0x0762, 0x0255, 0x0d0c, 0x083b, 0x355f, 0x3068, 0x3f31, 0x3a06, 0x24b4, 0x2183, 0x2eda, 0x2bed,
	}
	for i, level := range []symbol.Level{symbol.M, symbol.L, symbol.H, symbol.Q} {
		for mask := range 8 {
			require.Equal(t, table[8*i+mask], symbol.FormatBits(level, mask), "level %v mask %d", level, mask)
		}
	}
}

// TestVersionBits has table D.1.
func TestVersionBits(t *testing.T) {
	t.Parallel()
	table := []uint{
		0x07c94, 0x085bc, 0x09a99, 0x0a4d3, 0x0bbf6, 0x0c762, 0x0d847, 0x0e60d, 0x0f928, 0x10b78, 0x1145d, 0x12a17,
		0x13532, 0x149a6, 0x15683, 0x168c9, 0x177ec, 0x18ec4, 0x191e1, 0x1afab, 0x1b08e, 0x1cc1a, 0x1d33f, 0x1ed75,
		0x1f250, 0x209d5, 0x216f0, 0x228ba, 0x2379f, 0x24b0b, 0x2542e, 0x26a64, 0x27541, 0x28c69,
	}
	for i, want := range table {
		require.Equal(t, want, symbol.VersionBits(7+i), "version %d", 7+i)
	}
}

// TestCheckwords compares with the Reed-Solomon encoder of gozxing.
func TestCheckwords(t *testing.T) {
	t.Parallel()
	r := source(9)
	peer := reedsolomon.NewReedSolomonEncoder(reedsolomon.GenericGF_QR_CODE_FIELD_256)
	for n := 7; n <= 30; n++ {
		for range 20 {
			block := make([]int, 1+r.IntN(123)+n)
			data := make([]byte, len(block)-n)
			for i := range data {
				data[i] = byte(r.Uint32())
				block[i] = int(data[i])
			}
			require.NoError(t, peer.Encode(block, n))
			for i, x := range symbol.CheckwordsOf(data, n) {
				require.Equal(t, block[len(data)+i], int(x), "%d of %d", i, n)
			}
		}
	}
}

// TestRuns: the runs visit each free module once.
func TestRuns(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 40; version++ {
		require.Equal(t, symbol.FreeModules(version), symbol.Visited(t, version), "version %d", version)
	}
}

func TestFlip(t *testing.T) {
	t.Parallel()
	r := source(10)
	var a, b [64]uint64
	for i := range a {
		a[i] = r.Uint64()
	}
	b = a
	symbol.Flip(&b)
	for y := range a {
		for x := range a {
			require.Equal(t, a[y]>>x&1, b[x]>>y&1, "%d,%d", x, y)
		}
	}
}

// TestFirstUse has several goroutines make the tables, which the race detector
// watches; all get the same ones.
func TestFirstUse(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 40 {
				version := 1 + (i+5*g)%40
				if a, b := symbol.LayoutOf(version), symbol.LayoutOf(version); a != b {
					t.Errorf("two layouts of version %d", version)
				}
				text := textOf(source(uint64(i)), room(version, symbol.Q, symbol.Numeric), symbol.Numeric)
				if s, err := symbol.Encode(text, symbol.Q, false); err != nil || s.Version != version {
					t.Errorf("version %d: %v", version, err)
				}
			}
		})
	}
	wg.Wait()
}
