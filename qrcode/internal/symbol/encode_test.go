package symbol_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/superapp-go/superapp/qrcode/internal/symbol"
)

// TestReadsAtTheLimit fills each version at each level in each mode, up to the
// last character and one less, and reads it back.
func TestReadsAtTheLimit(t *testing.T) {
	t.Parallel()
	for _, level := range levels {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			r := source(uint64(level))
			for version := 1; version <= 40; version++ {
				for _, mode := range []symbol.Mode{symbol.Numeric, symbol.Alphanumeric, symbol.Bytewise} {
					n := room(version, level, mode)
					for _, n := range []int{n, n - 1} {
						text := textOf(r, n, mode)
						s, ok := symbol.At(text, symbol.Fixed{Level: level, Version: version, Mask: -1, Mode: mode})
						require.True(t, ok, "version %d mode %d", version, mode)
						require.Equal(t, version, s.Version)
						requireReads(t, text, s)
					}
					_, ok := symbol.At(textOf(r, n+1, mode), symbol.Fixed{Level: level, Version: version, Mask: -1, Mode: mode})
					require.False(t, ok, "version %d mode %d", version, mode)
				}
			}
		})
	}
}

func TestReadsMixedTexts(t *testing.T) {
	t.Parallel()
	r := source(1)
	for i := range 300 {
		text := mixed(r, 1+r.IntN(12), 1+r.IntN(60), i%2 == 0)
		level := levels[r.IntN(4)]
		s, err := symbol.Encode(text, level, i%3 == 0)
		if e, ok := errors.AsType[*symbol.TooLongError](err); ok {
			require.Less(t, e.Most, len(text))
			continue
		}
		require.NoError(t, err)
		require.GreaterOrEqual(t, s.Level, level)
		requireReads(t, text, s)
	}
}

// TestReadsUnicode reads any characters, announced as UTF-8 or not: gozxing
// guesses right. TestZbarReads shows why they are announced.
func TestReadsUnicode(t *testing.T) {
	t.Parallel()
	for _, text := range unicodeTexts {
		s, err := symbol.Encode(text, symbol.M, false)
		require.NoError(t, err)
		requireReads(t, text, s)
	}
	r := source(2)
	for range 300 {
		runes := make([]rune, 1+r.IntN(20))
		for i := range runes {
			for {
				runes[i] = r.Int32N([]int32{0x80, 0x250, 0x3000, 0xffff, utf8.MaxRune + 1}[r.IntN(5)])
				if utf8.ValidRune(runes[i]) {
					break
				}
			}
		}
		text := string(runes)
		s, err := symbol.Encode(text, symbol.L, false)
		require.NoError(t, err)
		requireReads(t, text, s)
		bare, ok := symbol.At(text, symbol.Fixed{Level: symbol.L, Mask: -1, Mode: symbol.Mixed, Bare: true})
		require.True(t, ok)
		requireReads(t, text, bare)
	}
}

var unicodeTexts = []string{
	"é", "ÄÖÜ", "菜单", "菜单/é", "日本語", "ｱｲｳ", "🍜", "a\u200fb\u202e", "عربي", "\u0080", "\u00a0", "1é2", "https://例え.jp/メニュー?q=7",
	"TABLE 7: 12345678901234567890 ü", "\x00é",
}

// TestReadsBytes encodes what is no UTF-8: the segments have the very bytes.
func TestReadsBytes(t *testing.T) {
	t.Parallel()
	r := source(3)
	for _, n := range []int{1, 2, 17, 100, 500, 1273} {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(0x80 + r.IntN(64)) // No UTF-8 begins like this.
		}
		s, err := symbol.Encode(string(b), symbol.H, false)
		require.NoError(t, err)
		_, segments := read(t, s)
		require.Equal(t, [][]byte{b}, segments)
	}
}

func TestEmptyText(t *testing.T) {
	t.Parallel()
	s, err := symbol.Encode("", symbol.L, true)
	require.NoError(t, err)
	require.Equal(t, 1, s.Version)
	require.Equal(t, symbol.H, s.Level)
	requireReads(t, "", s)
}

// TestLeastVersionAndRaise: none less holds the text, and no higher level fits.
func TestLeastVersionAndRaise(t *testing.T) {
	t.Parallel()
	r := source(4)
	for range 300 {
		text := mixed(r, 1+r.IntN(8), 1+r.IntN(40), true)
		level := levels[r.IntN(4)]
		plain, err := symbol.Encode(text, level, false)
		if err != nil {
			continue
		}
		require.Equal(t, level, plain.Level)
		if plain.Version > 1 {
			_, ok := symbol.At(text, symbol.Fixed{Level: level, Version: plain.Version - 1, Mode: symbol.Mixed})
			require.False(t, ok, "%q fits version %d", text, plain.Version-1)
		}
		raised, err := symbol.Encode(text, level, true)
		require.NoError(t, err)
		require.Equal(t, plain.Version, raised.Version, "raising is free")
		for _, l := range levels {
			_, ok := symbol.At(text, symbol.Fixed{Level: l, Version: plain.Version, Mode: symbol.Mixed})
			require.Equal(t, l <= raised.Level, ok, "level %v beside %v", l, raised.Level)
		}
	}
}

// TestTooLong has the figures of table 7 for version 40.
func TestTooLong(t *testing.T) {
	t.Parallel()
	most := map[symbol.Level][3]int{
		symbol.L: {7089, 4296, 2953}, symbol.M: {5596, 3391, 2331}, symbol.Q: {3993, 2420, 1663}, symbol.H: {3057, 1852, 1273},
	}
	for level, most := range most {
		for mode, unit := range []string{"7", "A", "a"} {
			t.Run(fmt.Sprintf("%v of %q", level, unit), func(t *testing.T) {
				t.Parallel()
				most := most[mode]
				s, err := symbol.Encode(strings.Repeat(unit, most), level, false)
				require.NoError(t, err)
				require.Equal(t, 40, s.Version)
				requireReads(t, strings.Repeat(unit, most), s)
				for _, n := range []int{most + 1, most + 100, 1 << 22} {
					_, err = symbol.Encode(strings.Repeat(unit, n), level, true)
					require.Equal(t, &symbol.TooLongError{Level: level, Bytes: n, Most: most}, err)
					require.EqualError(t, err, fmt.Sprintf("a QR code of level %v holds at most %d bytes of this text, which has %d", level, most, n))
				}
			})
		}
	}
}

// TestTooLongMixed: what the error says fits does fit, and not a byte more.
func TestTooLongMixed(t *testing.T) {
	t.Parallel()
	r := source(6)
	for _, level := range levels {
		text := mixed(r, 400, 60, false)
		_, err := symbol.Encode(text, level, false)
		e, ok := errors.AsType[*symbol.TooLongError](err)
		require.True(t, ok, "%v", err)
		s, err := symbol.Encode(text[:e.Most], level, false)
		require.NoError(t, err)
		require.Equal(t, 40, s.Version)
		_, err = symbol.Encode(text[:e.Most+1], level, false)
		require.Error(t, err)
	}
	// The sign for UTF-8 takes a byte and a half of the room.
	_, err := symbol.Encode("é"+strings.Repeat("a", 2951), symbol.L, false)
	require.Equal(t, &symbol.TooLongError{Level: symbol.L, Bytes: 2953, Most: 2952}, err)
	_, err = symbol.Encode("é"+strings.Repeat("a", 2950), symbol.L, false)
	require.NoError(t, err)
}

// TestSameTextSameSymbol, from several goroutines that share what is made on
// first use and what is used again, large symbols and small ones in turn.
func TestSameTextSameSymbol(t *testing.T) {
	t.Parallel()
	texts := []string{"7", linkOf(60), linkOf(2000), linkOf(800), "é", linkOf(200), linkOf(1200), linkOf(125)}
	want := make([]*symbol.Symbol, len(texts))
	for i, text := range texts {
		want[i], _ = symbol.Encode(text, symbol.M, true)
		requireReads(t, text, want[i])
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			r := source(uint64(g))
			for range 40 {
				i := r.IntN(len(texts))
				got, err := symbol.Encode(texts[i], symbol.M, true)
				if err != nil || fmt.Sprint(got) != fmt.Sprint(want[i]) {
					t.Errorf("%d bytes: another symbol, error %v", len(texts[i]), err)
				}
			}
		})
	}
	wg.Wait()
}

func TestAllocations(t *testing.T) {
	for _, n := range []int{60, 200, 800, 2300} {
		text := linkOf(n)
		require.LessOrEqual(t, testing.AllocsPerRun(20, func() { _, _ = symbol.Encode(text, symbol.M, true) }), 10.0, "%d bytes", n)
	}
}

func TestLevelString(t *testing.T) {
	t.Parallel()
	require.Equal(t, "L M Q H ?", fmt.Sprint(symbol.L, symbol.M, symbol.Q, symbol.H, symbol.Level(4)))
}

func FuzzEncode(f *testing.F) {
	for _, text := range append(unicodeTexts, "", "7", "A1", linkOf(60), linkOf(200), "\xff\x80", strings.Repeat("9", 800)) {
		f.Add(text, uint8(0), false)
		f.Add(text, uint8(7), true)
	}
	f.Fuzz(func(t *testing.T, text string, n uint8, raise bool) {
		level := levels[n%4]
		s, err := symbol.Encode(text, level, raise)
		if err != nil {
			e, ok := errors.AsType[*symbol.TooLongError](err)
			require.True(t, ok, "%v", err)
			require.True(t, e.Level == level && e.Bytes == len(text) && e.Most < e.Bytes && e.Most > 1250, "%+v", e)
			return
		}
		require.GreaterOrEqual(t, s.Level, level)
		if utf8.ValidString(text) {
			requireReads(t, text, s)
			return
		}
		// A reader guesses what the bytes mean; it gets those outside of segments of
		// digits and capitals as they are.
		_, segments := read(t, s)
		rest := text
		for _, segment := range segments {
			i := strings.Index(rest, string(segment))
			require.GreaterOrEqual(t, i, 0)
			rest = rest[i+len(segment):]
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	for _, n := range []int{60, 200, 800} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			text := linkOf(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := symbol.Encode(text, symbol.M, false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
