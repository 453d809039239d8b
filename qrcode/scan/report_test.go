package scan

import (
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/stretchr/testify/require"
)

// parse returns the codewords of a symbol as the decoder reads them.
func parse(t *testing.T, p plain) (*decoder.Version, decoder.ErrorCorrectionLevel, []byte) {
	t.Helper()
	parser, err := decoder.NewBitMatrixParser(p.grid(t))
	require.NoError(t, err)
	format, err := parser.ReadFormatInformation()
	require.NoError(t, err)
	codewords, err := parser.ReadCodewords()
	require.NoError(t, err)
	version, err := parser.ReadVersion()
	require.NoError(t, err)
	return version, format.GetErrorCorrectionLevel(), codewords
}

// reads reports whether the decoder still makes the text of a symbol.
func reads(t *testing.T, p plain, text string) bool {
	t.Helper()
	result, err := decoder.NewDecoder().Decode(p.grid(t), map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_CHARACTER_SET: "UTF-8"})
	return err == nil && result.GetText() == text
}

// TestDamageGrows flips modules one by one: at each step the report counts what
// is wrong as a comparison with the whole symbol does, less is left to spare, and
// at last nothing.
func TestDamageGrows(t *testing.T) {
	t.Parallel()
	for _, version := range []int{1, 2, 3, 7, 13, 27} {
		for _, level := range []string{"L", "M", "Q", "H"} {
			t.Run(fmt.Sprintf("%d-%s", version, level), func(t *testing.T) {
				t.Parallel()
				const text = "HTTP://A"
				random := rand.New(rand.NewPCG(uint64(version), 5))
				whole := symbolOf(t, text, version, level)
				v, l, right := parse(t, whole)
				held := patterns(v)
				broken := whole.clone()
				spare, read := 1.0, 0
				for {
					report, err := Verify(broken.draw(3), text)
					if err != nil {
						require.ErrorIs(t, err, ErrDamaged)
						break
					}
					read++
					_, _, codewords := parse(t, broken)
					rightBlocks, err := decoder.DataBlock_GetDataBlocks(right, v, l)
					require.NoError(t, err)
					blocks, err := decoder.DataBlock_GetDataBlocks(codewords, v, l)
					require.NoError(t, err)
					require.Len(t, report.Blocks, len(blocks))
					all, wrong := 0, 0
					for b := range blocks {
						differ := 0
						for i, c := range blocks[b].GetCodewords() {
							if c != rightBlocks[b].GetCodewords()[i] {
								differ++
							}
						}
						require.Equal(t, len(blocks[b].GetCodewords()), report.Blocks[b].Codewords)
						require.Equal(t, differ, report.Blocks[b].Wrong, "block %d", b)
						all, wrong = all+len(blocks[b].GetCodewords()), wrong+differ
					}
					require.InDelta(t, float64(wrong)/float64(all), report.Wrong(), 1e-9)
					require.LessOrEqual(t, report.Spare(), spare)
					spare = report.Spare()
					for range max(1, version*version/24) {
						x, y := random.IntN(len(whole)), random.IntN(len(whole))
						if !held[y*len(whole)+x] {
							broken[y][x] = !whole[y][x]
						}
					}
				}
				require.Greater(t, read, 2)
				require.Less(t, spare, 0.06, "the report tells that the end is near")
			})
		}
	}
}

// capacities are from the standard's table of error correction: codewords of a
// block, and how many wrong ones it repairs.
var capacities = map[string]Block{
	"1-L": {26, 0, 2}, "1-M": {26, 0, 4}, "1-Q": {26, 0, 6}, "1-H": {26, 0, 8},
	"2-L": {44, 0, 4}, "2-M": {44, 0, 8}, "3-L": {70, 0, 7}, "3-M": {70, 0, 13},
	"5-Q": {33, 0, 9}, "10-M": {69, 0, 13}, "22-L": {139, 0, 14}, "22-H": {37, 0, 12},
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	for name, want := range capacities {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var version int
			var level string
			_, err := fmt.Sscanf(name, "%d-%s", &version, &level)
			require.NoError(t, err)
			report, err := measure(symbolOf(t, "A", version, level).grid(t))
			require.NoError(t, err)
			require.Equal(t, want, report.Blocks[0])
			longest := report.Blocks[len(report.Blocks)-1] // has one codeword more, or as many
			require.InDelta(t, float64(want.Most)/float64(longest.Codewords), report.Spare(), 1e-9)
			require.LessOrEqual(t, longest.Codewords-want.Codewords, 1)
		})
	}
}

// TestWorstBlockCounts: the spare share is that of the block that is worst off,
// and never below nothing.
func TestWorstBlockCounts(t *testing.T) {
	t.Parallel()
	r := Report{Blocks: []Block{{Codewords: 50, Most: 10}, {Codewords: 50, Wrong: 7, Most: 10}, {Codewords: 50, Wrong: 1, Most: 10}}}
	require.InDelta(t, 0.06, r.Spare(), 1e-9)
	require.InDelta(t, 8.0/150, r.Wrong(), 1e-9)
	r.Blocks[1].Wrong = 11
	require.Zero(t, r.Spare())
}

// TestBoxes: each module that holds text changes the codeword whose box it is
// in, and no other; the modules of the patterns change none.
func TestBoxes(t *testing.T) {
	t.Parallel()
	for version := 1; version <= 40; version++ {
		s := symbolOf(t, "A", version, "Q")
		v, _, right := parse(t, s)
		all, held := boxes(v), patterns(v)
		require.Len(t, all, len(right))
		n := len(s)
		random := rand.New(rand.NewPCG(uint64(version), 1))
		text := 0
		for _, is := range held {
			if !is {
				text++
			}
		}
		require.Equal(t, len(right), text/8)
		for range 60 {
			x, y := random.IntN(n), random.IntN(n)
			if held[y*n+x] && (x <= 8 && y <= 8 || x >= n-11 && y <= 8 || x <= 8 && y >= n-11) {
				continue // the format and the version, without which nothing is read
			}
			s[y][x] = !s[y][x]
			_, _, got := parse(t, s)
			s[y][x] = !s[y][x]
			for i, b := range all {
				if got[i] == right[i] {
					continue
				}
				require.False(t, held[y*n+x])
				require.True(t, b.left <= x && x <= b.right && b.top <= y && y <= b.bottom, "version %d, module %d,%d, codeword %d %v", version, x, y, i, b)
				require.Positive(t, text)
				text = -text
			}
			require.Equal(t, !held[y*n+x] && inside(all, x, y), text < 0, "version %d, module %d,%d", version, x, y)
			text = max(text, -text)
		}
	}
}

// inside reports whether a module is in a box: not so the few that remain after
// the last codeword.
func inside(all []box, x, y int) bool {
	for _, b := range all {
		if b.left <= x && x <= b.right && b.top <= y && y <= b.bottom {
			return true
		}
	}
	return false
}

// TestHole covers squares of the size that the report names, in every place and
// in every way; they never hurt. Much larger ones do.
func TestHole(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"1-L": 1, "1-H": 3, "2-M": 4, "4-M": 7, "5-Q": 10, "7-H": 18, "10-M": 17} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const text = "HTTP://A"
			var version int
			var level string
			_, err := fmt.Sscanf(name, "%d-%s", &version, &level)
			require.NoError(t, err)
			whole := symbolOf(t, text, version, level)
			n := len(whole)
			random := rand.New(rand.NewPCG(uint64(version), 3))
			for x, y := range data(whole, random, version/2) { // some damage there already
				whole[y][x] = !whole[y][x]
			}
			report, err := measure(whole.grid(t))
			require.NoError(t, err)
			require.Equal(t, want, report.Hole, "of %d modules", n)
			covers := []func(bool) bool{
				func(m bool) bool { return !m }, func(bool) bool { return true }, func(bool) bool { return false },
				func(bool) bool { return random.IntN(2) == 0 },
			}
			hurt := func(side int) (hurts int) {
				for y := 0; y+side <= n; y += 1 + n/20 {
					for x := 0; x+side <= n; x += 1 + n/20 {
						if (x < 9 || x+side > n-9) && (y < 9 || y+side > n-9) {
							continue
						}
						for _, cover := range covers {
							torn := whole.clone()
							for v := y; v < y+side; v++ {
								for u := x; u < x+side; u++ {
									torn[v][u] = cover(whole[v][u])
								}
							}
							if !reads(t, torn, text) {
								hurts++
							}
						}
					}
				}
				return hurts
			}
			for _, side := range []int{1, (report.Hole + 1) / 2, report.Hole} {
				require.Zero(t, hurt(side), "squares of %d", side)
			}
			if larger := 2*report.Hole + 2; larger < n-18 {
				require.Positive(t, hurt(larger), "squares of %d", larger)
			}
		})
	}
}

// data yields so many modules that hold text.
func data(p plain, random *rand.Rand, count int) func(yield func(x, y int) bool) {
	return func(yield func(x, y int) bool) {
		for range count {
			if !yield(9+random.IntN(len(p)-18), 9+random.IntN(len(p)-18)) {
				return
			}
		}
	}
}

// TestLogoGrows covers the middle as a logo does, with a white ground and
// colours: the report shrinks, and then the code is damaged.
func TestLogoGrows(t *testing.T) {
	t.Parallel()
	s := symbolOf(t, link, 0, "H")
	spare, hole := 1.0, len(s)
	read := 0
	for side := 0; ; side += 2 {
		img := s.draw(6)
		img.Palette = append(img.Palette, color.NRGBA{0xc0, 0x39, 0x2b, 255})
		at := (len(s) - side) / 2
		fill(img, square(at, at, side, 6), 0)
		if side > 2 {
			fill(img, square(at+1, at+1, side-2, 6), 2)
		}
		report, err := Verify(img, link)
		if err != nil {
			require.ErrorIs(t, err, ErrDamaged)
			break
		}
		read++
		require.LessOrEqual(t, report.Spare(), spare)
		require.LessOrEqual(t, report.Hole, hole)
		spare, hole = report.Spare(), report.Hole
	}
	require.Greater(t, read, 6)
	require.Less(t, spare, 0.06)
}

// TestStains covers random squares of the finished picture, as large as the
// report allows; a scanner that has to find the code first still reads it.
func TestStains(t *testing.T) {
	t.Parallel()
	s := symbolOf(t, link, 0, "Q")
	report, err := Verify(s.draw(4), link)
	require.NoError(t, err)
	require.Greater(t, report.Hole, 4)
	random := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		n := len(s)
		x, y := random.IntN(n-report.Hole), random.IntN(n-report.Hole)
		if (x < 9 || x+report.Hole > n-9) && (y < 9 || y+report.Hole > n-9) {
			continue
		}
		img := s.draw(4)
		fill(img, square(x, y, report.Hole, 4), uint8(random.IntN(2)))
		left, err := Verify(image.Image(img), link)
		require.NoError(t, err, "at %d,%d", x, y)
		require.LessOrEqual(t, left.Spare(), report.Spare())
	}
}
