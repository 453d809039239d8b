package qrcode

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func inflate(t testing.TB, packed []byte) []byte {
	t.Helper()
	z, err := zlib.NewReader(bytes.NewReader(packed))
	require.NoError(t, err)
	data, err := io.ReadAll(z) // The checksum is compared at the end.
	require.NoError(t, err)
	return data
}

// TestDeflater packs lines of all kinds and reads them with compress/zlib, twice with
// the same deflater.
func TestDeflater(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var d deflater
	for i := range 200 {
		var want []byte
		d.begin([]byte("before"))
		for range r.IntN(12) {
			n := r.IntN(2000)
			if i%20 == 0 {
				n = r.IntN(window + 2)
			}
			line, kinds := make([]byte, n), 1+r.IntN(256)
			for j := range line {
				if line[j] = byte(r.IntN(kinds)); j > 20 && r.IntN(10) > 0 {
					line[j] = line[j-20]
				}
			}
			times := max(1, r.IntN(60)-30)
			d.line(line, times)
			want = append(want, bytes.Repeat(line, times)...)
		}
		packed, ok := bytes.CutPrefix(d.end(), []byte("before"))
		require.True(t, ok)
		require.True(t, bytes.Equal(want, inflate(t, packed)), "round %d", i)
	}
}

func TestDeflaterAtItsLimits(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	noise := make([]byte, 3*winSize)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	// The counts of Fibonacci make Huffman codes longer than the format allows.
	var skewed []byte
	for a, b, c := 1, 1, byte(0); len(skewed) < 1<<18; a, b, c = b, a+b, c+1 {
		skewed = append(skewed, bytes.Repeat([]byte{c}, min(a, 1<<17))...)
	}
	r.Shuffle(len(skewed), func(i, j int) { skewed[i], skewed[j] = skewed[j], skewed[i] })
	for name, data := range map[string][]byte{
		"nothing": nil, "a byte": {7}, "few": []byte("abc"), "zeros": make([]byte, 10*winSize), "noise": noise, "skewed": skewed,
		"words": bytes.Repeat([]byte("12 34 l\n5 6 l\n"), 40000),
	} {
		var d deflater
		d.begin(nil)
		d.write(data)
		require.True(t, bytes.Equal(data, inflate(t, d.end())), name)
	}
	var d deflater
	d.begin(nil)
	for n := 1; n < 12; n++ {
		d.line(noise[:n], 1000)
	}
	d.line(noise[:window+1], 20)
	d.line(noise[:window], 20)
	d.line(noise[:100], 1<<16)
	want := bytes.Repeat(noise[:100], 1<<16)
	require.True(t, bytes.HasSuffix(inflate(t, d.end()), want))
}

func FuzzDeflater(f *testing.F) {
	f.Add([]byte("abcabcabc"), 3)
	f.Add([]byte{}, 1)
	f.Fuzz(func(t *testing.T, data []byte, times int) {
		times &= 0xfff
		var d deflater
		d.begin(nil)
		d.write(data)
		d.line(data[:min(len(data), window)], times)
		want := append(bytes.Clone(data), bytes.Repeat(data[:min(len(data), window)], times)...)
		if !bytes.Equal(want, inflate(t, d.end())) {
			t.Errorf("%d bytes are not read as they were written", len(data))
		}
	})
}
